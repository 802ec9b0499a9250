import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createChangeTools } from '../adapter/tool-change/index.ts';
import { commandEnvironment, createCommandTools } from '../adapter/tool-command/index.ts';
import { createFactsTools } from '../adapter/tool-facts/index.ts';
import { createFetchTools } from '../adapter/tool-fetch/index.ts';
import { createFindTools } from '../adapter/tool-find/index.ts';
import { createFolderTools } from '../adapter/tool-folder/index.ts';
import { createSourceTools } from '../adapter/tool-source/index.ts';
import { createTableTools } from '../adapter/tool-table/index.ts';
import { openLocalStore, temporaryFolder } from '../testing/local-store.ts';
import { loadAgent, packagedAgentSources } from './index.ts';
import { embedded } from './packaged/embed.ts';

const GOOD = `---
name: proof-reader
title: Proof reader
description: Reads texts for mistakes.
tools: [read_file, search_files]
needs:
  passed: [summary]
  contextTokens: 16000
  local: true
limits: { requests: 2, outputTokens: 800 }
---
Read twice.
`;
const TOOLS = new Map(createFolderTools().map((tool) => [tool.describe().name, tool.describe()] as const));

function faultsOf(source: string): unknown {
  const loaded = loadAgent(source, TOOLS);
  return loaded.ok ? [] : loaded.faults.map(({ code, data }) => ({ code, ...data }));
}

describe('an agent file', () => {
  it('says what the agent is, what it may use, what it needs of a model, and how it works', () => {
    const agent = {
      ...{ name: 'proof-reader', title: 'Proof reader', description: 'Reads texts for mistakes.' },
      ...{ tools: ['read_file', 'search_files'], words: 'Read twice.' },
      needs: { passed: ['summary'], contextTokens: 16_000, local: true },
      limits: { requests: 2, outputTokens: 800 },
    };
    expect(loadAgent(GOOD, TOOLS)).toEqual({ ok: true, agent });
    expect(loadAgent(GOOD.replaceAll('\n', '\r\n'), TOOLS)).toMatchObject({ ok: true });
    expect(loadAgent(`\uFEFF${GOOD}`, TOOLS)).toMatchObject({ ok: true });
  });

  it.each([
    ['has no front matter', 'Read twice.\n', [{ where: 'front-matter', line: 1 }]],
    [
      'has no end of its front matter',
      GOOD.replace('\n---\nRead', '\nRead'),
      [{ where: 'front-matter', line: 1 }],
    ],
    ['says nothing', GOOD.replace('Read twice.', ''), [{ where: 'instructions', line: 11 }]],
    ['is no YAML', GOOD.replace('title: Proof', 'title: "Proof'), [{ where: 'yaml' }]],
    ['has a key twice', GOOD.replace('tools:', 'name: again\ntools:'), [{ where: 'yaml', line: 5 }]],
    ['is too long', GOOD + 'x'.repeat(30_000), [{ where: 'size', line: 1 }]],
    ['says too much', GOOD + 'x'.repeat(9000), [{ what: 'instructions', why: 'size', line: 12 }]],
    ['has an unknown key', GOOD.replace('limits:', 'limit:'), [{ what: 'limit', why: 'unknown', line: 10 }]],
    ['has no title', GOOD.replace('title: Proof reader\n', ''), [{ what: 'title', why: 'missing' }]],
    ['has a bad name', GOOD.replace('proof-reader', 'Proof'), [{ what: 'name', why: 'form', line: 2 }]],
    [
      'wants more requests than any',
      GOOD.replace('requests: 2', 'requests: 99'),
      [{ what: 'limits.requests', line: 10 }],
    ],
    [
      'names a part that no examination has',
      GOOD.replace('[summary]', '[wit]'),
      [{ what: 'needs.passed.0', line: 7 }],
    ],
  ])('that %s is refused with the line', (_why, source, faults) => {
    expect(faultsOf(source)).toMatchObject(faults.map((fault) => ({ code: 'AGENT_INVALID', ...fault })));
  });

  it('that names a tool there is not is refused with its line, and all that is wrong is told at once', () => {
    const source = GOOD.replace('[read_file, search_files]', '\n  - read_file\n  - read_minds').replace(
      'Read twice.',
      '',
    );
    expect(faultsOf(source)).toMatchObject([
      { code: 'TOOL_UNKNOWN', tool: 'read_minds', line: 7 },
      { code: 'AGENT_INVALID', where: 'instructions' },
    ]);
    expect(loadAgent(GOOD.replace('read_file', 'read_minds'), null)).toMatchObject({ ok: true });
  });

  it('never makes reading it fail, whatever it holds, and each fault has a line of the file', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '---',
        'name: a',
        'tools: [',
        '- &a *a',
        'needs: {',
        '? !!set',
        'title: "',
        '\uFEFF',
        '  - x',
        '{[',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, isFenced) => {
        const source = isFenced ? ['---', ...pieces, '---', 'Go.'].join('\n') : pieces.join('\n');
        const loaded = loadAgent(source, TOOLS);
        if (loaded.ok) return;
        expect(loaded.faults.length).toBeGreaterThan(0);
        for (const { data } of loaded.faults) {
          expect(data['line']).toBeGreaterThanOrEqual(1);
          expect(data['line']).toBeLessThanOrEqual(source.split('\n').length + 2);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is read as it was written, for every agent that may be', () => {
    const line = fc
      .string({ minLength: 1, maxLength: 60 })
      .filter((text) => text.trim() === text && text !== '');
    const head = fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/),
      title: line,
      description: line,
      tools: fc.uniqueArray(fc.constantFrom(...TOOLS.keys())),
    });
    fc.assert(
      fc.property(head, (given) => {
        const read = loadAgent(`---\n${stringify(given)}---\nGo.\n`, TOOLS);
        expect(read).toMatchObject({ ok: true, agent: { ...given, words: 'Go.' } });
      }),
    );
  });
});

it('the agent of the page that says how to write one can be used', () => {
  const page = readFileSync(new URL('../../../../docs/how-to/add-an-agent.md', import.meta.url), 'utf8');
  const source = /```markdown\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(loadAgent(source, TOOLS)).toMatchObject({ ok: true, agent: { name: 'proof-reader' } });
});

describe('the packaged agents', () => {
  it('are embedded as their files are', () => {
    expect(readFileSync(new URL('./packaged/embedded.ts', import.meta.url), 'utf8')).toBe(embedded());
  });

  it('name only tools that the product has; the researcher changes and runs nothing, and only the operator runs', async () => {
    const data = temporaryFolder();
    const store = await openLocalStore(data.path);
    const tools = [
      ...[...createFolderTools(), ...createFactsTools(), ...createSourceTools(), ...createTableTools()],
      ...[...createFindTools({ dataFolder: data.path }), ...createFetchTools({ version: '0.0.0' })],
      ...createChangeTools(store.content),
      ...createCommandTools({ store: data.path, environment: commandEnvironment({}) }),
    ].map((tool) => tool.describe());
    const described = new Map(tools.map((tool) => [tool.name, tool]));
    const agents = packagedAgentSources.map((source) => loadAgent(source, described));
    const risks = agents.map((loaded) => {
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
      const { name, tools: may } = loaded.agent;
      const risks = new Set(may.map((tool) => described.get(tool)?.risk ?? 'none'));
      return [name, [...risks].sort((a, b) => a.localeCompare(b))];
    });
    expect(Object.fromEntries(risks)).toEqual({
      coder: ['read', 'write'],
      operator: ['execute', 'read'],
      researcher: ['network', 'read'],
    });
    store.close();
    data.remove();
  });
});
