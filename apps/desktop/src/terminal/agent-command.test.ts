import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagedAgentSources } from '@soma/agent-core/agent';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testConfig } from '../testing/source-host.ts';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { useAgents } from './agent-command.ts';
import { usePlans } from './plan-command.ts';
import { runGoal } from './run-command.ts';
import { readUse } from './use.ts';

const PLAN = `schema: packaged-plan.v1
name: count-titles
version: 1.0.0
title: Count titles
description: Lists the lines that say Title.
examples: [count the titles]
rights: [read]
tasks:
  - id: search
    title: Search
    tool: search_files
    agent: researcher
    arguments: { text: Title }
`;

describe('agents at the terminal', () => {
  let desks: TerminalDesks;

  beforeEach(() => {
    desks = new TerminalDesks();
  });
  afterEach(() => desks.close());

  it('says what is wrong with an agent file, line by line', async () => {
    const at = await desks.open('source');
    const coder = packagedAgentSources.find((source) => source.includes('name: coder')) ?? '';
    writeFileSync(join(desks.root, 'good.md'), coder);
    writeFileSync(
      join(desks.root, 'bad.md'),
      coder.replace('- read_file', '- read_fil').replace('title:', 'titel:'),
    );
    expect(await useAgents(at, typed('agent', 'check', 'good.md'))).toBe(0);
    expect(at.heard.answers.at(-1)).toMatch(/^The agent coder can be used\./);
    expect(await useAgents(at, typed('agent', 'check', 'bad.md'))).toBe(1);
    expect(at.heard.answers.slice(-2)).toEqual([
      'bad.md:2  AGENT_INVALID  title is missing.',
      'bad.md:3  AGENT_INVALID  An agent has nothing called titel.',
    ]);
    await expect(useAgents(at, typed('agent', 'check', 'none.md'))).rejects.toMatchObject({
      fault: { code: 'FILE_GONE' },
    });
  });

  it('lists the packaged ones and those of the person, each with what it may use, and why one is not used', async () => {
    const at = await desks.open('source');
    const own = join(testConfig(desks.root).dataFolder, 'agents');
    mkdirSync(own, { recursive: true });
    const reader = '---\nname: reader\ntitle: Reader\ndescription: Reads.\ntools: [read_file]\n---\nRead.\n';
    writeFileSync(join(own, 'reader.md'), reader);
    writeFileSync(join(own, 'coder.md'), reader.replace('name: reader', 'name: coder'));
    expect(await useAgents(at, typed('agent', 'list'))).toBe(0);
    const said = at.heard.answers;
    expect(said[0]).toMatch(/^coder {7}packaged {2}Coder: Reads code/);
    expect(said).toContain('reader      yours     Reader: Reads.');
    expect(said.at(-1)).toBe('            may use read_file');
    expect(said.filter((line) => line.includes('AGENT_NAME_TAKEN'))).toHaveLength(1);
  });

  it('are named where a task of theirs begins, and an unknown one with its line by the check of a plan', async () => {
    const at = await desks.open('source');
    writeFileSync(join(desks.root, 'plan.yaml'), PLAN);
    writeFileSync(join(desks.root, 'bad.yaml'), PLAN.replace('agent: researcher', 'agent: pirate'));
    expect(await usePlans(at, typed('plan', 'add', 'plan.yaml'))).toBe(0);
    await runGoal(at, typed('run', 'count the titles', '--folder', 'work'));
    expect(at.heard.said).toContain('[1/1] Search (Researcher) ...');
    expect(await usePlans(at, typed('plan', 'check', 'bad.yaml'))).toBe(1);
    expect(at.heard.answers.at(-1)).toMatch(
      /^bad\.yaml:12 {2}AGENT_UNKNOWN {2}.*There are: coder, operator, researcher\.$/,
    );
  });

  it('takes list and check with one file, and nothing else', () => {
    expect(readUse(['agent', 'list'])).toEqual({ verb: 'agent', what: 'list' });
    expect(readUse(['agent', 'check', 'a.md'])).toEqual({ verb: 'agent', what: 'check', file: 'a.md' });
    for (const wrong of [['agent'], ['agent', 'add', 'a.md'], ['agent', 'check'], ['agent', 'list', 'x']])
      expect(readUse(wrong)).toMatchObject({ verb: 'wrong' });
  });
});
