import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { listRuns } from './list-command.ts';
import { resumeRun, runGoal } from './run-command.ts';
import { undoRun } from './undo-command.ts';

// A plan of a person's own that has a text changed by a run of its own: that run asks, while the terminal follows the first.

const PLAN = `
schema: packaged-plan.v1
name: two-by-another
version: 1.0.0
title: Two by another
description: Has another run change a text.
examples: [two by another]
rights: [read, board, write, execute]
tasks:
  - { id: have, title: Have, tool: delegate_goal, arguments: { plan: change-text, goal: change one to two, slots: { from: one, to: two, check: none } } }
`;

let desks: TerminalDesks;
const file = () => join(desks.root, 'work', 'a.txt');
const start = typed('run', 'two by another', '--folder', 'work', '--plan', 'two-by-another');
const runOf = (answers: readonly string[]) => answers[0]?.replace('run ', '') ?? '';

beforeEach(() => {
  desks = new TerminalDesks();
  writeFileSync(file(), 'one\n');
});
afterEach(() => desks.close());

async function open(answers: readonly string[] | null) {
  const desk = await desks.open('source', answers);
  const plans = join(desks.root, 'data', 'plans');
  mkdirSync(plans, { recursive: true });
  writeFileSync(join(plans, 'two-by-another.yaml'), PLAN);
  return desk;
}

it('asks what the run it waits for asks, says whose question it is, and takes back what that did', async () => {
  const at = await open(['y']);
  await runGoal(at, start);
  expect(at.heard.asked).toHaveLength(1);
  expect(at.heard.said.join('\n')).toMatch(/Run by-\w+, which this run started and waits for:/);
  expect(at.heard.said.join('\n')).toContain('replace_text asks to be run');
  expect(readFileSync(file(), 'utf8')).toBe('two\n');
  expect(await undoRun(at, typed('undo', runOf(at.heard.answers)))).toBe(0);
  expect(at.heard.answers.at(-1)).toContain('a.txt');
  expect(readFileSync(file(), 'utf8')).toBe('one\n');
}, 60_000);

it('waits with it where nobody is there to ask, says so, and goes on when it is allowed', async () => {
  const at = await open(null);
  expect(await runGoal(at, start)).toBe(3);
  expect(at.heard.said.at(-1)).toContain('This run waits for an approval.');
  expect(readFileSync(file(), 'utf8')).toBe('one\n');
  await listRuns(at, typed('runs', '--json'));
  expect(JSON.parse(at.heard.answers.at(-1) ?? '')).toMatchObject([{ phase: 'paused' }, { phase: 'paused' }]);
  await resumeRun(at, typed('resume', runOf(at.heard.answers), '--approve', 'all'));
  expect(readFileSync(file(), 'utf8')).toBe('two\n');
}, 60_000);
