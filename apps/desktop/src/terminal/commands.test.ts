import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunReport } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Heard, TerminalDesks, typed } from '../testing/terminal-desk.ts';
import type { Link } from './link.ts';
import { listRuns, showRun, stopRun } from './list-command.ts';
import { resumeRun, runGoal } from './run-command.ts';
import { undoRun } from './undo-command.ts';

/** The same link, over which the news of a run come later than the answers to commands. */
function withLateNews(link: Link): Link {
  const late = (calls: ReturnType<Link['current']>['run']): typeof calls =>
    new Proxy(calls, {
      get: (run, name): unknown =>
        name !== 'watch'
          ? Reflect.get(run, name)
          : async (...given: Parameters<typeof run.watch>) => delayed(await run.watch(...given)),
    });
  return {
    current: () =>
      new Proxy(link.current(), {
        get: (calls, name): unknown => (name === 'run' ? late(calls.run) : Reflect.get(calls, name)),
      }),
    restored: (signal) => link.restored(signal),
    close: () => link.close(),
  };
}

async function* delayed<News>(all: AsyncIterable<News>): AsyncGenerator<News, void, void> {
  for await (const news of all) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield news;
  }
}

describe('commands of the terminal', () => {
  let desks: TerminalDesks;

  beforeEach(() => {
    desks = new TerminalDesks();
  });
  afterEach(() => desks.close());

  const desk = (kind: 'source' | 'asking', answers: readonly string[] | null = null) =>
    desks.open(kind, answers);
  const runOf = ({ answers }: Heard) => answers[0]?.replace('run ', '') ?? '';
  const lines = () => join(desks.root, 'work', 'lines.txt');

  it('run prints the answer and writes the report, runs and show print it again', async () => {
    const at = await desk('source');
    expect(
      await runGoal(at, typed('run', 'Explain this folder', '--folder', 'work', '--json', 'report.json')),
    ).toBe(0);
    const [first, cards = ''] = at.heard.answers;
    expect(first).toMatch(/^run \S+$/);
    expect(cards).toContain('Title (README.md:1)');
    expect(cards.split('\n').at(-1)).toMatch(/^Verified: /);
    expect(at.heard.said[0]).toMatch(/^plan: /);
    const report = RunReport.parse(JSON.parse(readFileSync(join(desks.root, 'report.json'), 'utf8')));
    expect(report).toMatchObject({ run: runOf(at.heard), state: 'verified' });
    expect(await listRuns(at, typed('runs'))).toBe(0);
    expect(at.heard.answers.at(-1)).toContain('verified');
    expect(await listRuns(at, typed('runs', '--json'))).toBe(0);
    expect(JSON.parse(at.heard.answers.at(-1) ?? '')).toMatchObject([
      { run: runOf(at.heard), phase: 'verified' },
    ]);
    expect(await showRun(at, runOf(at.heard))).toBe(0);
    expect(at.heard.answers.at(-1)).toBe(cards);
    await expect(stopRun(at, runOf(at.heard))).rejects.toMatchObject({ fault: { code: 'RUN_ENDED' } });
  });

  it('puts the runs of one folder on one canvas', async () => {
    const at = await desk('source');
    await runGoal(at, typed('run', 'Explain this folder', '--folder', 'work'));
    await runGoal(at, typed('run', 'Explain this folder', '--folder', './work/'));
    await listRuns(at, typed('runs', '--json'));
    const rows = JSON.parse(at.heard.answers.at(-1) ?? '') as { canvas: string; folder: string }[];
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map(({ canvas }) => canvas)).size).toBe(1);
    expect(new Set(rows.map((row) => row.folder)).size).toBe(1);
  });

  it('refuses a report that nothing can be written to, before anything begins', async () => {
    const at = await desk('source');
    for (const json of ['none/report.json', '.']) {
      expect(await runGoal(at, typed('run', 'Explain this folder', '--folder', 'work', '--json', json))).toBe(
        2,
      );
    }
    await listRuns(at, typed('runs'));
    expect(at.heard.answers).toEqual([]);
  });

  it('asks a person about each call, with what it would do, and does what they approve', async () => {
    const at = await desk('asking', ['y', 'y']);
    await runGoal(at, typed('run', 'write the lines', '--folder', 'work'));
    expect(at.heard.asked).toHaveLength(2);
    expect(at.heard.said.join('\n')).toContain('append_line');
    expect(at.heard.said.join('\n')).toContain('{"line":"one"}');
    expect(readFileSync(lines(), 'utf8')).toBe('one\ntwo\n');
    const before = at.heard.answers.length;
    expect(await showRun(at, runOf(at.heard))).toBe(0);
    expect(at.heard.answers.slice(before).join('\n')).toMatch(
      /A long run: its log goes on in part \d, behind event \d+\./,
    );
  });

  it('asks once about a call, however late the news of the answer comes', async () => {
    const at = await desk('asking', ['y', 'y']);
    await runGoal(
      { ...at, link: withLateNews(at.link) },
      typed('run', 'write the lines', '--folder', 'work'),
    );
    expect(at.heard.asked).toHaveLength(2);
    expect(readFileSync(lines(), 'utf8')).toBe('one\ntwo\n');
  });

  it('shows the whole change of files before it asks', async () => {
    const at = await desk('source', ['y']);
    const slots = ['--set', 'from=Title', '--set', 'to=Heading'];
    const goal = typed('run', 'change text', '--folder', 'work', '--plan', 'change-text', ...slots);
    expect(await runGoal(at, goal)).toBe(0);
    const said = at.heard.said.join('\n');
    expect(said).toContain('  --- README.md');
    expect(said).toContain('  -# Title\n  +# Heading');
    expect(readFileSync(join(desks.root, 'work', 'README.md'), 'utf8')).toBe('# Heading\n');
  });

  it('shows the exact command, its folder and whose rights it has before it asks, and says how it ended', async () => {
    const at = await desk('source', ['y']);
    const goal = [
      'Run the checks',
      '--plan',
      'run-checks',
      '--folder',
      'work',
      '--set',
      'command=echo  one; exit 3',
    ];
    expect(await runGoal(at, typed('run', ...goal))).toBe(0);
    const asked = at.heard.said.indexOf('  $ echo  one; exit 3');
    expect(at.heard.said[asked + 1]).toBe(
      `  It runs in ${realpathSync(join(desks.root, 'work'))} with your rights, for at most 600 seconds.`,
    );
    expect(at.heard.answers.at(-1)).toContain('  echo  one; exit 3 ended with exit 3 (line 1 of its output)');
  });

  it('gives files the text they had before a run, and says which it left', async () => {
    const at = await desk('source');
    writeFileSync(join(desks.root, 'work', 'b.md'), 'Title\n');
    const slots = ['--set', 'from=Title', '--set', 'to=Heading', '--approve', 'all'];
    const plan = ['--folder', 'work', '--plan', 'change-text'];
    await runGoal(at, typed('run', 'change text', ...plan, ...slots));
    writeFileSync(join(desks.root, 'work', 'b.md'), 'mine\n');
    expect(await undoRun(at, typed('undo', runOf(at.heard)))).toBe(1);
    expect(at.heard.answers.slice(-2)).toEqual([
      'README.md: has the text it had before',
      'b.md: left as it is. b.md has changed meanwhile',
    ]);
    expect(readFileSync(join(desks.root, 'work', 'README.md'), 'utf8')).toBe('# Title\n');
    await expect(undoRun(at, typed('undo', runOf(at.heard), '--file', 'README.md'))).rejects.toMatchObject({
      fault: { code: 'NOTHING_TO_CHANGE' },
    });
  });

  it('takes from the goal itself what its plan needs to know', async () => {
    const at = await desk('source');
    const goal = typed('run', 'rename Title to "The heading"', '--folder', 'work', '--approve', 'all');
    expect(await runGoal(at, goal)).toBe(0);
    expect(readFileSync(join(desks.root, 'work', 'README.md'), 'utf8')).toBe('# The heading\n');
  });

  it('asks rather than guesses where no plan fits, or what it needs is not said', async () => {
    const at = await desk('source');
    const start = (goal: string) => runGoal(at, typed('run', goal, '--folder', 'work'));
    await expect(start('write a poem')).rejects.toMatchObject({ fault: { code: 'PLAN_NOT_MATCHED' } });
    await expect(start('replace a text')).rejects.toMatchObject({ fault: { code: 'SLOT_MISSING' } });
  });

  it('does nothing that a person does not approve', async () => {
    const at = await desk('asking', ['', 'n']);
    expect(await runGoal(at, typed('run', 'write the lines', '--folder', 'work'))).toBe(1);
    expect(existsSync(lines())).toBe(false);
  });

  it('pauses where nobody can be asked, and goes on when told to approve', async () => {
    const at = await desk('asking');
    expect(await runGoal(at, typed('run', 'write the lines', '--folder', 'work'))).toBe(3);
    expect(existsSync(lines())).toBe(false);
    expect(at.heard.said.at(-1)).toContain(`soma resume ${runOf(at.heard)}`);
    await listRuns(at, typed('runs', '--json'));
    expect(JSON.parse(at.heard.answers.at(-1) ?? '')).toMatchObject([{ phase: 'paused' }]);
    await resumeRun(at, typed('resume', runOf(at.heard), '--approve', 'all'));
    expect(readFileSync(lines(), 'utf8')).toBe('one\ntwo\n');
  });

  it('approves each call once when told to, and refuses each when told never to', async () => {
    const at = await desk('asking');
    await runGoal(at, typed('run', 'write the lines', '--folder', 'work', '--approve', 'all'));
    expect(readFileSync(lines(), 'utf8')).toBe('one\ntwo\n');
    expect(await runGoal(at, typed('run', 'write the lines', '--folder', 'work', '--approve', 'never'))).toBe(
      1,
    );
    expect(readFileSync(lines(), 'utf8')).toBe('one\ntwo\n');
    expect(at.heard.asked).toEqual([]);
  });
});
