import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagedPlanSources } from '@soma/agent-core/plan';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { usePlans } from './plan-command.ts';
import { runGoal } from './run-command.ts';
import { readUse } from './use.ts';

/** A plan a person might write. */
const OWN_PLAN = `schema: packaged-plan.v1
name: count-titles
version: 1.0.0
title: Count titles
description: Lists the lines that say Title.
examples: [count the titles]
rights: [read, board]
tasks:
  - id: search
    title: Search
    tool: search_files
    arguments: { text: Title, limit: 50 }
    claims:
      - id: line
        kind: quoted
        each: result.hits
        text: item.path & " line " & item.line
        path: item.path
        line: item.line
        quote: item.quote
    checks: [quoted]
    artifact: { title: Titles, icon: archive }
`;

/** A plan a person might write that has a folder inside asked by a run of its own, and quotes what that run found. */
const ASKING_PLAN = `schema: packaged-plan.v1
name: ask-the-docs
version: 1.0.0
title: Ask the docs
description: Has the folder docs asked and quotes the answer.
examples: [ask the docs]
rights: [read, board]
slots:
  - { name: question, title: What to ask, required: true }
tasks:
  - id: ask
    title: Ask
    tool: delegate_goal
    arguments: { plan: find-in-folder, folder: docs, goal: =slots.question, slots: { question: =slots.question } }
    claims:
      - id: answer
        kind: quoted
        each: 'result.claims[checked and kind = "quoted"]'
        text: '"In " & result.folder & ": " & item.quote'
        path: item.path
        line: item.line
        quote: item.quote
    checks: [quoted]
    artifact: { title: What the docs say, icon: search }
`;

describe('plans at the terminal', () => {
  let desks: TerminalDesks;

  beforeEach(() => {
    desks = new TerminalDesks();
  });
  afterEach(() => desks.close());

  it('says what is wrong with a plan file, line by line', async () => {
    const at = await desks.open('source');
    const packaged = packagedPlanSources.find((source) => source.includes('name: change-text')) ?? '';
    writeFileSync(join(desks.root, 'good.yaml'), packaged);
    writeFileSync(join(desks.root, 'bad.yaml'), packaged.replace('tool: search_files', 'tool: search_fils'));
    expect(await usePlans(at, typed('plan', 'check', 'good.yaml'))).toBe(0);
    expect(at.heard.answers.at(-1)).toBe('The plan change-text can be followed.');
    expect(await usePlans(at, typed('plan', 'check', 'bad.yaml'))).toBe(1);
    const line = packaged.split('\n').findIndex((text) => text.includes('tool: search_files')) + 1;
    expect(at.heard.answers.at(-1)).toMatch(new RegExp(`^bad\\.yaml:${line}  TOOL_UNKNOWN  `));
    await expect(usePlans(at, typed('plan', 'check', 'none.yaml'))).rejects.toMatchObject({
      fault: { code: 'FILE_GONE' },
    });
  });

  it('keeps a plan of their own, follows it by its name, and removes it without losing it', async () => {
    const at = await desks.open('source');
    writeFileSync(join(desks.root, 'mine.yaml'), OWN_PLAN);
    expect(await usePlans(at, typed('plan', 'add', 'mine.yaml'))).toBe(0);
    expect(at.heard.answers.at(-1)).toMatch(
      /^The plan count-titles is kept at .*plans\/count-titles\.yaml\./,
    );
    const goal = typed('run', 'anything', '--folder', 'work', '--plan', 'count-titles');
    expect(await runGoal(at, goal)).toBe(0);
    expect(at.heard.answers.at(-1)).toContain('README.md line 1');
    await usePlans(at, typed('plan', 'list'));
    expect(at.heard.answers.at(-1)).toMatch(/^count-titles +1\.0\.0 +yours +Count titles$/);
    expect(at.heard.answers.filter((line) => / {2}packaged {2}/.test(line))).toHaveLength(
      packagedPlanSources.length,
    );
    expect(await usePlans(at, typed('plan', 'remove', 'count-titles'))).toBe(0);
    const aside = /kept at (.*)\.$/.exec(at.heard.answers.at(-1) ?? '')?.[1] ?? '';
    expect(readFileSync(aside, 'utf8')).toBe(OWN_PLAN);
    await expect(runGoal(at, goal)).rejects.toMatchObject({ fault: { code: 'PLAN_UNKNOWN' } });
    await expect(usePlans(at, typed('plan', 'remove', 'count-titles'))).rejects.toMatchObject({
      fault: { code: 'PLAN_UNKNOWN' },
    });
  });

  it('keeps no plan that cannot be followed or takes the name of another, and says why with the line', async () => {
    const at = await desks.open('source');
    const add = (text: string) => {
      writeFileSync(join(desks.root, 'mine.yaml'), text);
      return usePlans(at, typed('plan', 'add', 'mine.yaml'));
    };
    expect(
      await add(
        OWN_PLAN.replace('tool: search_files', 'tool: search_fils').replace('title: Search', 'titel: S'),
      ),
    ).toBe(1);
    expect(at.heard.answers.every((line) => /^mine\.yaml:\d+ {2}PLAN_INVALID {2}/.test(line))).toBe(true);
    expect(await add(OWN_PLAN.replace('name: count-titles', 'name: change-text'))).toBe(1);
    expect(at.heard.answers.at(-1)).toMatch(/^mine\.yaml:1 {2}PLAN_NAME_TAKEN {2}/);
    expect(await add(OWN_PLAN.replace('tool: search_files', 'tool: run_command'))).toBe(1);
    expect(at.heard.answers.at(-1)).toMatch(/PLAN_INVALID {2}It uses run_command without naming the right/);
    await expect(add('x'.repeat(1_000_001))).rejects.toMatchObject({ fault: { code: 'FILE_TOO_LARGE' } });
    expect(existsSync(join(desks.root, 'data', 'plans'))).toBe(false);
  });

  it('lists a plan file that was spoiled by hand with what is wrong, and does not follow it', async () => {
    const at = await desks.open('source');
    writeFileSync(join(desks.root, 'mine.yaml'), OWN_PLAN);
    await usePlans(at, typed('plan', 'add', 'mine.yaml'));
    const path = join(desks.root, 'data', 'plans', 'count-titles.yaml');
    writeFileSync(path, OWN_PLAN.replace('version: 1.0.0', 'version: one'));
    await usePlans(at, typed('plan', 'list'));
    expect(at.heard.answers.at(-2)).toMatch(/^count-titles +- +not used$/);
    expect(at.heard.answers.at(-1)).toContain(`${path}:3  PLAN_INVALID  `);
    const goal = typed('run', 'anything', '--folder', 'work', '--plan', 'count-titles');
    await expect(runGoal(at, goal)).rejects.toMatchObject({
      fault: { code: 'PLAN_INVALID', data: { line: 3 } },
    });
  });

  it('follows a plan of their own that has another run do a part of the work, and shows both runs', async () => {
    const at = await desks.open('source');
    mkdirSync(join(desks.root, 'work', 'docs'));
    writeFileSync(join(desks.root, 'work', 'docs', 'guide.md'), '# Guide\n\nThe retry timeout is 250 ms.\n');
    writeFileSync(join(desks.root, 'ask.yaml'), ASKING_PLAN);
    expect(await usePlans(at, typed('plan', 'add', 'ask.yaml'))).toBe(0);
    const question = 'question=what is the retry timeout';
    const asking = typed('run', 'ask', '--folder', 'work', '--plan', 'ask-the-docs', '--set', question);
    expect(await runGoal(at, asking)).toBe(0);
    expect(at.heard.answers.at(-1)).toContain('In docs: The retry timeout is 250 ms.');
    expect(at.heard.answers.at(-1)).toContain('docs/guide.md');
    const page = await at.link.current().run.page({ cursor: null, limit: 10 });
    if (!page.ok) throw new Error('there is no list of runs');
    const [asked, waited] = page.runs;
    expect([asked?.plan, waited?.plan]).toEqual(['find-in-folder', 'ask-the-docs']);
    expect(asked).toMatchObject({ phase: 'verified', parent: { run: waited?.run } });
  });

  it('does what the page about writing a plan says, line by line', async () => {
    const page = readFileSync(
      new URL('../../../../docs/how-to/add-a-packaged-plan.md', import.meta.url),
      'utf8',
    );
    const plan = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const lines = /```sh\n([\s\S]*?)```/.exec(page)?.[1]?.trim().split('\n') ?? [];
    const at = await desks.open('source');
    writeFileSync(join(desks.root, 'find-deprecated.yaml'), plan);
    writeFileSync(join(desks.root, 'work', 'a.ts'), 'one();\n// DEPRECATED: two\n// old three\n');
    const answers: string[] = [];
    for (const line of lines) {
      const [, ...words] =
        line
          .replace(/ +#.*/, '')
          .replace('DIR', 'work')
          .match(/"[^"]*"|\S+/g) ?? [];
      const use = readUse(words.map((word) => word.replaceAll('"', '')));
      if (use.verb === 'plan') expect(await usePlans(at, use)).toBe(0);
      else if (use.verb === 'run') expect(await runGoal(at, use)).toBe(0);
      else throw new Error(line);
      answers.push(at.heard.answers.at(-1) ?? '');
    }
    expect(answers).toHaveLength(6);
    expect(answers[0]).toBe('The plan find-deprecated can be followed.');
    expect(answers[2]).toMatch(/^find-deprecated +1\.0\.0 +yours/);
    expect(answers[3]).toContain('a.ts line 2');
    expect(answers[4]).toContain('a.ts line 3');
    expect(answers[5]).toContain('find-deprecated is removed');
  });
});
