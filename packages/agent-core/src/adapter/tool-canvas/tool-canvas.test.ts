import { join } from 'node:path';
import { overlaps } from '@soma/schemas/canvas';
import type { Json } from '@soma/schemas/event';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tool, ToolContext } from '../../port/index.ts';
import { LocalHub } from '../../room/index.ts';
import { type LocalDocuments, openLocalDocuments } from '../../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../../testing/local-store.ts';
import { ContentFiles } from '../content-files/index.ts';
import { createCanvasTools, createRunBoard } from './index.ts';

const scope = aScope();
const board = { scope, document: 'board' };
const hash = 'a'.repeat(64);

function contextOf(key: string): ToolContext {
  const { signal } = new AbortController();
  return {
    scope,
    run: 'r1',
    task: 't',
    call: 'c',
    folder: '/',
    canvas: 'board',
    key,
    preview: null,
    signal,
    progress: () => {},
    model: null,
    say: () => {},
  };
}

function artifact(id: string) {
  const ref = { run: 'r1', task: 't', artifact: id, content: hash, rows: 4, graph: null };
  return { id, kind: 'artifact', title: `Card ${id}`, icon: 'file-text', ...ref };
}

describe('canvas tools on a real hub', () => {
  let home: { path: string; remove: () => void };
  let documents: LocalDocuments;
  let hub: LocalHub;
  let tools: ReadonlyMap<string, Tool>;

  beforeEach(async () => {
    home = temporaryFolder();
    documents = await openLocalDocuments(home.path);
    hub = new LocalHub({ store: documents.store });
    const content = new ContentFiles({ folder: join(home.path, 'content') });
    tools = new Map(createCanvasTools({ hub, content }).map((tool) => [tool.describe().name, tool]));
  });
  afterEach(async () => {
    await hub.close();
    documents.close();
    home.remove();
  });

  const tool = (name: string): Tool => {
    const found = tools.get(name);
    if (found === undefined) throw new Error(`no tool ${name}`);
    return found;
  };
  /** Every answer is held against the tool's own description. */
  const call = async (name: string, input: Json, key = name) => {
    const done = await tool(name).call(input, contextOf(key));
    const { inputSchema, outputSchema } = tool(name).describe();
    const ajv = new Ajv2020({ strict: false });
    const unknown = !done.ok && done.fault.data.unknown !== undefined;
    const told = !done.ok && done.fault.code !== 'TOOL_INPUT_INVALID';
    expect(ajv.validate(Object(inputSchema), input)).toBe(done.ok || unknown || told);
    if (done.ok) expect(ajv.validate(Object(outputSchema), done.output)).toBe(true);
    return done;
  };
  const nodes = async () => (await hub.snapshot(board)).nodes;

  it('change the board only, and may be probed', () => {
    expect([...tools.keys()]).toEqual([
      'canvas_add_cards',
      'canvas_connect',
      'canvas_group',
      'canvas_arrange',
      'canvas_write_note',
      'canvas_add_chart',
      'canvas_take_back',
    ]);
    for (const each of tools.values()) {
      const { name, risk, idempotency } = each.describe();
      // Its answer is made of its input alone, and holds more than a probe could tell.
      const how = ['canvas_add_chart', 'canvas_take_back'].includes(name) ? 'idempotent' : 'checkable';
      expect({ risk, idempotency }).toEqual({ risk: 'board', idempotency: how });
    }
  });

  it('put a batch of artifact cards beside the run, over nothing, as the run’s own doing', async () => {
    const runs = createRunBoard({ hub });
    const goal = { hash, size: 20, mediaType: 'text/plain', inline: 'Explain this folder\nplease' };
    const tasks = [
      { id: 'list', after: [] },
      { id: 'read', after: ['list'] },
    ];
    const run = { id: 'r1', scope, canvas: 'board', goal, plan: { ref: { hash } }, tasks, endings: 1 };
    await runs.placeRun(run);
    await runs.placeRun(run);
    const input = { beside: runs.runNode('r1'), cards: ['a', 'b', 'c', 'd'].map(artifact) };
    const done = await call('canvas_add_cards', input);
    expect(done).toEqual({
      ok: true,
      output: { ids: ['a', 'b', 'c', 'd'], found: false },
      note: { code: 'cards-added', data: { count: 4 } },
    });
    const there = await nodes();
    expect(there.map(({ id }) => id)).toEqual(['run-r1', 'a', 'b', 'c', 'd']);
    expect(there[1]).toMatchObject({
      kind: 'artifact',
      title: 'Card a',
      icon: 'file-text',
      run: 'r1',
      task: 't',
      content: hash,
    });
    for (const one of there)
      for (const other of there) expect(one.id === other.id || !overlaps(one, other)).toBe(true);
    await runs.caption(run, 'verified');
    await runs.caption(run, 'failed');
    expect((await nodes())[0]).toMatchObject({
      caption: { state: 'verified', title: 'Explain this folder' },
    });
    await runs.caption({ ...run, endings: 2 }, 'failed');
    expect((await nodes())[0]).toMatchObject({ caption: { state: 'failed' } });
    expect(await hub.undoAll({ ...board, author: 'run:r1' })).toEqual({ changed: true });
    expect((await nodes()).map(({ kind }) => kind)).toEqual(['run']);
  });

  it('do nothing twice under one key, and tell by a probe that it happened', async () => {
    const add = tool('canvas_add_cards');
    const input = { beside: null, cards: [artifact('a')] };
    expect(await add.probe('k', contextOf('k'))).toBe('not-happened');
    await call('canvas_add_cards', input, 'k');
    expect(await add.probe('k', contextOf('k'))).toBe('happened');
    expect(await call('canvas_add_cards', { ...input, cards: [artifact('b')] }, 'k')).toMatchObject({
      ok: true,
      output: { found: true },
    });
    expect((await nodes()).map(({ id }) => id)).toEqual(['a']);
  });

  it('connect, group and arrange what is there', async () => {
    await call('canvas_add_cards', { beside: null, cards: ['a', 'b', 'c'].map(artifact) });
    expect(
      await call(
        'canvas_connect',
        {
          edges: [
            { from: 'a', to: 'b', label: 'then' },
            { from: 'b', to: 'c' },
          ],
        },
        'k',
      ),
    ).toMatchObject({
      output: { ids: ['k/edge-1', 'k/edge-2'] },
    });
    expect((await hub.snapshot(board)).edges).toMatchObject([
      { from: 'a', to: 'b', label: 'then' },
      { from: 'b', to: 'c' },
    ]);
    await call('canvas_arrange', { nodes: ['a', 'b', 'c'], layout: 'column' });
    const [a, b, c] = await nodes();
    expect(new Set([a?.x, b?.x, c?.x]).size).toBe(1);
    await call('canvas_group', { nodes: ['a', 'b'], label: 'Both' }, 'g');
    expect((await nodes())[0]).toMatchObject({ id: 'g/group', kind: 'group', label: 'Both' });
  });

  it.each([
    [
      'canvas_add_cards',
      { beside: null, cards: [{ ...artifact('a'), content: 'no hash' }] },
      'cards.0.content',
    ],
    ['canvas_add_cards', { beside: null, cards: [] }, 'cards'],
    ['canvas_connect', { edges: [{ from: 'a' }] }, 'edges.0.to'],
    ['canvas_group', { nodes: [] }, 'nodes'],
    ['canvas_arrange', { nodes: ['a'], layout: 'circle' }, 'layout'],
  ])('refuse input of %s out of shape, naming the field', async (name, input, path) => {
    expect(await call(name, input)).toEqual({
      ok: false,
      fault: { code: 'TOOL_INPUT_INVALID', data: { tool: name, path }, retry: { when: 'never' } },
    });
    expect(await nodes()).toEqual([]);
  });

  it('refuse to connect what is not there, and change nothing', async () => {
    await call('canvas_add_cards', { beside: null, cards: [artifact('a')] });
    const done = await call('canvas_connect', {
      edges: [
        { from: 'a', to: 'a' },
        { from: 'a', to: 'gone' },
      ],
    });
    expect(done).toMatchObject({
      ok: false,
      fault: { code: 'TOOL_INPUT_INVALID', data: { unknown: ['gone'] } },
    });
    expect((await hub.snapshot(board)).edges).toEqual([]);
  });

  it('say that nobody knows when the documents cannot be asked', async () => {
    documents.close();
    expect(await tool('canvas_group').probe('k', contextOf('k'))).toBe('unknown');
    documents = await openLocalDocuments(home.path);
  });

  it('answer a fault of the hub as a value', async () => {
    await documents.store.append(scope, 'board', {
      update: Uint8Array.of(9, 9),
      origin: { author: 'person:a', kind: 'edit', key: null, group: '' },
    });
    expect(await call('canvas_add_cards', { beside: null, cards: [artifact('a')] })).toMatchObject({
      ok: false,
      fault: { code: 'DATABASE_DAMAGED' },
    });
  });
});
