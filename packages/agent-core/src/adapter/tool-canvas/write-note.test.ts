import { join } from 'node:path';
import { CANVAS_LIMITS, type CanvasMutation } from '@soma/schemas/canvas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hub, ToolContext } from '../../port/index.ts';
import { LocalHub } from '../../room/index.ts';
import { type LocalDocuments, openLocalDocuments } from '../../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../../testing/local-store.ts';
import { ContentFiles } from '../content-files/index.ts';
import { createCanvasTools } from './index.ts';

const scope = aScope();
const board = { scope, document: 'board' };
const NEW = { note: null, replaces: null, beside: null };

function contextOf(key: string, run: string): ToolContext {
  const ids = { run, task: 't', call: 'c', folder: '/', canvas: 'board', key };
  const { signal } = new AbortController();
  return { scope, ...ids, preview: null, signal, progress: () => {}, model: null, say: () => {} };
}

describe('a note of a run on a real hub', () => {
  let home: { path: string; remove: () => void };
  let documents: LocalDocuments;
  let hub: LocalHub;
  let content: ContentFiles;

  beforeEach(async () => {
    home = temporaryFolder();
    documents = await openLocalDocuments(home.path);
    hub = new LocalHub({ store: documents.store });
    content = new ContentFiles({ folder: join(home.path, 'content') });
  });
  afterEach(async () => {
    await hub.close();
    documents.close();
    home.remove();
  });

  const toolOf = (over: Hub) => {
    const found = createCanvasTools({ hub: over, content }).find(
      (tool) => tool.describe().name === 'canvas_write_note',
    );
    if (found === undefined) throw new Error('no tool');
    return found;
  };
  const write = async (
    input: { text: string; note?: string | null; replaces?: string | null; beside?: string | null },
    { key = 'k', run = 'r1', over = hub }: { key?: string; run?: string; over?: Hub } = {},
  ) => {
    const tool = toolOf(over);
    const done = await tool.call({ ...NEW, ...input }, contextOf(key, run));
    const { outputSchema } = tool.describe();
    if (done.ok) expect(new Ajv2020().validate(Object(outputSchema), done.output)).toBe(true);
    return done;
  };
  let edits = 0;
  const person = (mutations: readonly CanvasMutation[]) => {
    edits += 1;
    return hub.mutate({ ...board, author: 'person:a', key: `edit-${edits}`, mutations });
  };
  const texts = async () => {
    const { nodes } = await hub.snapshot(board);
    return nodes.map((node) => [node.id, node.kind === 'note' ? node.text : node.kind]);
  };
  const OWN = 'note-r1/k';

  it('is made beside what it goes with, once a key', async () => {
    await person([{ type: 'place-run', id: 'run-r1', run: 'r1', tasks: [] }]);
    expect(await write({ text: 'one', beside: 'run-r1' })).toEqual({
      ok: true,
      output: { ids: [OWN], found: false },
      note: { code: 'note-written', data: { how: 'added' } },
    });
    expect(await write({ text: 'one', beside: 'run-r1' })).toMatchObject({
      output: { ids: [OWN], found: true },
    });
    expect(await toolOf(hub).probe('k', contextOf('k', 'r1'))).toBe('happened');
    const { nodes } = await hub.snapshot(board);
    const [run, note] = [nodes.find(({ kind }) => kind === 'run'), nodes.find(({ id }) => id === OWN)];
    expect(note).toMatchObject({ kind: 'note', text: 'one', x: run?.x });
    expect(note?.y).toBeGreaterThan((run?.y ?? 0) + (run?.height ?? 0));
  });

  it('goes on, is written anew, and each call of a key is done once', async () => {
    await write({ text: 'one' });
    for (const found of [false, true]) {
      expect(await write({ text: ' two', note: OWN }, { key: 'a' })).toMatchObject({
        output: { ids: [OWN], found },
        note: { data: { how: 'appended' } },
      });
    }
    expect(await texts()).toEqual([[OWN, 'one two']]);
    for (const found of [false, true]) {
      const input = { text: 'three', note: OWN, replaces: 'one two' };
      expect(await write(input, { key: 'b' })).toMatchObject({
        output: { ids: [OWN], found },
        note: { data: { how: 'replaced' } },
      });
    }
    expect(await texts()).toEqual([[OWN, 'three']]);
    expect(await hub.undoAll({ ...board, author: 'run:r1' })).toEqual({ changed: true });
    expect(await texts()).toEqual([]);
  });

  it('of a person or of another run stays as it is', async () => {
    const place = { x: 0, y: 0, width: 100, height: 100 };
    await person([{ type: 'add-node', node: { kind: 'note', id: 'mine', text: 'mine', ...place } }]);
    await write({ text: 'other' }, { run: 'r2' });
    const before = await texts();
    for (const [at, note] of ['mine', 'note-r2/k', 'note-r1', 'run-r1'].entries()) {
      for (const replaces of [null, 'mine', 'other']) {
        expect(await write({ text: 'x', note, replaces }, { key: `k${at}` })).toEqual({
          ok: false,
          fault: { code: 'NOTE_NOT_OWN', data: { note }, retry: { when: 'never' } },
        });
      }
    }
    expect(await texts()).toEqual(before);
  });

  it('in which a person has written is only gone on with', async () => {
    await write({ text: 'one' });
    await person([{ type: 'set-text', id: OWN, text: 'one, says a person' }]);
    expect(await write({ text: 'two', note: OWN, replaces: 'one' }, { key: 'a' })).toMatchObject({
      fault: { code: 'NOTE_CHANGED', retry: { when: 'never' } },
    });
    expect(await write({ text: '; two', note: OWN }, { key: 'b' })).toMatchObject({ ok: true });
    expect(await texts()).toEqual([[OWN, 'one, says a person; two']]);
  });

  it('in which a person writes at that very moment keeps what they wrote', async () => {
    await write({ text: 'one' });
    // The person's edit arrives after the tool has looked and before it writes.
    const over: Hub = {
      connect: (port, member) => hub.connect(port, member),
      probe: (request) => hub.probe(request),
      undoAll: (request) => hub.undoAll(request),
      mutate: (request) => hub.mutate(request),
      snapshot: async (request) => {
        const seen = await hub.snapshot(request);
        await person([{ type: 'set-text', id: OWN, text: `person, ${seen.nodes.length}` }]);
        return seen;
      },
    };
    const fault = { code: 'NOTE_CHANGED', data: { note: OWN } };
    expect(await write({ text: 'two', note: OWN }, { key: 'a', over })).toMatchObject({
      fault: { ...fault, retry: { when: 'now' } },
    });
    expect(await write({ text: 'two', note: OWN, replaces: 'person, 1' }, { key: 'b', over })).toMatchObject({
      ok: true,
    });
    await person([{ type: 'set-text', id: OWN, text: 'again' }]);
    expect(await write({ text: 'two', note: OWN, replaces: 'again' }, { key: 'c', over })).toMatchObject({
      fault: { ...fault, retry: { when: 'never' } },
    });
    expect(await texts()).toEqual([[OWN, 'person, 1']]);
  });

  it('that is gone, would be too long or has no text is not written', async () => {
    expect(await write({ text: 'x', note: 'note-r1/gone' })).toMatchObject({
      fault: { code: 'TOOL_INPUT_INVALID', data: { unknown: ['note-r1/gone'] } },
    });
    await write({ text: 'x'.repeat(CANVAS_LIMITS.text) });
    expect(await write({ text: 'y', note: OWN }, { key: 'a' })).toMatchObject({
      fault: { code: 'TOOL_INPUT_INVALID', data: { path: 'text' } },
    });
    expect(await write({ text: '' }, { key: 'b' })).toMatchObject({
      fault: { code: 'TOOL_INPUT_INVALID', data: { path: 'text' } },
    });
  });
});
