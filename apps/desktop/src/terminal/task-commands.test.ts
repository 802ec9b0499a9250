import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { forkRun, showHistory } from './fork-command.ts';
import { showRun } from './list-command.ts';
import { forgetClaims, recallClaims } from './memory-command.ts';
import { resumeRun, runGoal } from './run-command.ts';
import { editTask, pauseRun, retryTask, skipTask } from './task-command.ts';

let desks: TerminalDesks;

beforeEach(() => {
  desks = new TerminalDesks();
});
afterEach(() => desks.close());

const GOAL = [
  'change text',
  '--folder',
  'work',
  '--plan',
  'change-text',
  '--set',
  'from=Title',
  '--set',
  'to=Name',
];

describe('what earlier runs left', () => {
  it('is found by its words with whether it still holds, used by the next run, and dropped on request', async () => {
    const at = await desks.open('source');
    const goal = typed('run', 'Explain this folder', '--folder', 'work');
    await runGoal(at, goal);
    const run = at.heard.answers[0]?.replace('run ', '') ?? '';
    await recallClaims(at, typed('recall', 'title', '--folder', 'work'));
    expect(at.heard.answers).toContain('  Title (README.md:1)');
    await runGoal(at, goal);
    expect(at.heard.said.some((line) => line.includes(`Taken over from run ${run}`))).toBe(true);
    writeFileSync(join(desks.root, 'work', 'README.md'), '# Other\n');
    await recallClaims(at, typed('recall', 'title', '--folder', 'work'));
    expect(at.heard.answers.at(-1)).toContain('the file has changed');
    expect(await forgetClaims(at, typed('forget', '--folder', 'work'))).toBe(0);
    expect(at.heard.answers.at(-1)).toMatch(/memories dropped$/);
    await recallClaims(at, typed('recall', 'title', '--folder', 'work'));
    expect(at.heard.said.at(-1)).toBe('Nothing is remembered of that here.');
  });
});

describe('commands on the tasks of a run', () => {
  it('do a refused task again, and the run ends verified after all', async () => {
    const at = await desks.open('source', ['n', 'y', 'n']);
    expect(await runGoal(at, typed('run', ...GOAL))).toBe(1);
    const run = at.heard.answers[0]?.replace('run ', '') ?? '';
    expect(readFileSync(join(desks.root, 'work', 'README.md'), 'utf8')).toBe('# Title\n');
    await showRun(at, run);
    expect(at.heard.answers.join('\n')).toContain('[change]');
    await retryTask(at, typed('retry', run, 'change'));
    expect(readFileSync(join(desks.root, 'work', 'README.md'), 'utf8')).toBe('# Name\n');
    await expect(retryTask(at, { run, task: 'nothing' })).rejects.toMatchObject({
      fault: { code: 'TASK_UNKNOWN' },
    });
    await expect(skipTask(at, { run, task: 'find' })).rejects.toMatchObject({ fault: { code: 'RUN_ENDED' } });
    await expect(pauseRun(at, run)).rejects.toMatchObject({ fault: { code: 'RUN_ENDED' } });
  });

  it('branch a run off, give a task of the branch other arguments, and leave another out', async () => {
    const at = await desks.open('source');
    writeFileSync(join(desks.root, 'work', 'other.md'), 'Other\n');
    await runGoal(at, typed('run', 'Explain this folder', '--folder', 'work'));
    const run = at.heard.answers[0]?.replace('run ', '') ?? '';
    expect(await showHistory(at, typed('history', run, '--json'))).toBe(0);
    const events = JSON.parse(at.heard.answers.at(-1) ?? '') as { type: string; sequence: number }[];
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    const approved = events.find(({ type }) => type === 'plan.approved')?.sequence ?? 0;
    expect(await forkRun(at, typed('fork', run, '--at', String(approved), '--paused'))).toBe(0);
    const branch = at.heard.answers.at(-1)?.replace('run ', '') ?? '';
    expect(branch).not.toBe(run);
    await showHistory(at, typed('history', branch));
    expect(at.heard.answers.at(-1)).toMatch(/run\.paused$/);
    const { state } = await at.link
      .current()
      .run.get({ run: branch })
      .then((answer) => {
        if (!answer.ok) throw new Error(answer.fault.code);
        return answer;
      });
    const last = state.tasks.at(-1)?.id ?? '';
    expect(await skipTask(at, typed('skip', branch, last))).toBe(0);
    expect(await editTask(at, typed('edit', branch, state.tasks[0]?.id ?? '', '--arguments', '{}'))).toBe(0);
    expect(await editTask(at, typed('edit', branch, 'x', '--arguments', 'no JSON'))).toBe(2);
    expect(await resumeRun(at, typed('resume', branch))).toBe(1);
    await expect(forkRun(at, typed('fork', run, '--at', '99999'))).rejects.toMatchObject({
      fault: { code: 'FORK_POINT_UNKNOWN' },
    });
  });
});
