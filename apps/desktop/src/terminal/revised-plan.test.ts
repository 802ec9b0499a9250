import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { showRun } from './list-command.ts';
import { usePlans } from './plan-command.ts';
import { runGoal } from './run-command.ts';

let desks: TerminalDesks;

beforeEach(() => {
  desks = new TerminalDesks();
});
afterEach(() => desks.close());

const PLAN = `
schema: packaged-plan.v1
name: look-then-list
version: 1.0.0
title: Look, then list
description: Looks for a line, and lists the files where there is none.
examples: [look and then list]
rights: [read]
tasks:
  - id: look
    title: Look for it
    tool: search_files
    arguments: { text: Nowhere in any file }
    claims:
      - { id: line, kind: quoted, each: result.hits, text: item.quote, path: item.path, line: item.line, quote: item.quote }
    checks: [quoted]
    enough: $count(result.hits) > 0
    otherwise: [list]
  - { id: list, title: List them, tool: list_files }
`;

const WHY = '“Look for it” did not find enough, so the plan takes another way.';

async function ran(answer: string) {
  const at = await desks.open('source', [answer]);
  writeFileSync(join(desks.root, 'mine.yaml'), PLAN);
  expect(await usePlans(at, typed('plan', 'add', 'mine.yaml'))).toBe(0);
  await runGoal(at, typed('run', 'it', '--folder', 'work', '--plan', 'look-then-list'));
  const run = at.heard.answers.find((line) => line.startsWith('run '))?.replace('run ', '') ?? '';
  await showRun(at, run);
  return at.heard;
}

describe('a plan that is revised', () => {
  it('is asked about with what goes, what comes and why; then says what was given up and what came, also later', async () => {
    const { said, answers } = await ran('y');
    expect(said).toEqual(
      expect.arrayContaining([
        `The plan is to go on with fewer checks (checks-need-a-person). ${WHY}`,
        '  - Look for it, which checks: quoted',
        '  + List them, which checks: –',
        expect.stringContaining(`Look for it: given up. ${WHY}`),
        expect.stringContaining('List them: comes in its place'),
      ]),
    );
    expect(answers).toEqual(expect.arrayContaining(['  dropped  Look for it  [look]', `    ${WHY}`]));
  });

  it('stays as it was when a person says no', async () => {
    const { answers } = await ran('n');
    expect(answers).toContain('  empty  Look for it  [look]');
    expect(answers.join('\n')).not.toContain('[list]');
  });
});
