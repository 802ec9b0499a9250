import { join } from 'node:path';
import { Artifact, type Json } from '@soma/schemas/event';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolContext } from '../../port/index.ts';
import { LocalHub } from '../../room/index.ts';
import { type LocalDocuments, openLocalDocuments } from '../../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../../testing/local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from '../../testing/run-scenario.ts';
import { sampleFolder } from '../../testing/sample-folder.ts';
import { openTestHost } from '../../testing/test-host.ts';
import { ContentFiles } from '../content-files/index.ts';
import { createCanvasTools } from './index.ts';

const scope = aScope();
const board = { scope, document: 'board' };
const CHART = {
  kind: 'bars',
  bars: [
    { label: 'Oslo', value: 12 },
    { label: 'Bergen', value: 0 },
  ],
  axes: { label: 'city', value: 'Rows' },
  unit: null,
};
const INPUT = { title: 'Rows by city', chart: CHART, beside: null };

function contextOf(key: string): ToolContext {
  const ids = { run: 'r1', task: 't', call: 'c', folder: '/', canvas: 'board', key };
  const { signal } = new AbortController();
  return { scope, ...ids, preview: null, signal, progress: () => {}, model: null, say: () => {} };
}

let home: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  home = temporaryFolder();
});
afterEach(() => home.remove());

describe('a chart of a run on a real hub', () => {
  let documents: LocalDocuments;
  let content: ContentFiles;
  let hub: LocalHub;
  beforeEach(async () => {
    documents = await openLocalDocuments(home.path);
    content = new ContentFiles({ folder: join(home.path, 'content') });
    hub = new LocalHub({ store: documents.store });
  });
  afterEach(async () => {
    await hub.close();
    documents.close();
  });

  const tool = () => {
    const tools = createCanvasTools({ hub, content });
    const found = tools.find((one) => one.describe().name === 'canvas_add_chart');
    return found ?? expect.fail('no tool');
  };
  const add = async (input: Json, key = 'k') => {
    const done = await tool().call(input, contextOf(key));
    const { inputSchema, outputSchema } = tool().describe();
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validate(Object(inputSchema), input)).toBe(done.ok);
    if (done.ok) expect(ajv.validate(Object(outputSchema), done.output)).toBe(true);
    return done;
  };

  it('is a card of a size for it, and what it shows is stored as an artifact', async () => {
    const done = await add(INPUT);
    if (!done.ok || done.artifact === undefined) return expect.fail(JSON.stringify(done));
    const { nodes } = await hub.snapshot(board);
    expect(nodes).toMatchObject([
      { kind: 'artifact', run: 'r1', task: 't', title: 'Rows by city', artifact: done.artifact.id },
    ]);
    const [node] = nodes;
    expect(node?.kind === 'artifact' && node.content).toBe(done.artifact.content.hash);
    expect(node?.height).toBeGreaterThan(200);
    expect(done.artifact.node).toBe(node?.id);
    const text = (await content.get(scope, done.artifact.content)) ?? '';
    expect(Artifact.parse(JSON.parse(text))).toMatchObject({ chart: CHART, claims: [], offers: [] });
  });

  it('is drawn once a key, however often the call is made, and answered the same', async () => {
    expect(tool().describe()).toMatchObject({ risk: 'board', idempotency: 'idempotent' });
    expect(await tool().probe('k', contextOf('k'))).toBe('not-happened');
    const [first, again] = [await add(INPUT), await add(INPUT)];
    expect(await tool().probe('k', contextOf('k'))).toBe('happened');
    if (!first.ok || !again.ok) return expect.fail('both are expected to be done');
    expect(again.artifact).toEqual(first.artifact);
    expect([first.output, again.output]).toMatchObject([{ found: false }, { found: true }]);
    await add(INPUT, 'another');
    expect((await hub.snapshot(board)).nodes).toHaveLength(2);
  });

  it.each<[string, object]>([
    ['no bar', { chart: { ...CHART, bars: [] } }],
    ['more bars than can be told apart', { chart: { ...CHART, bars: Array(61).fill(CHART.bars[0]) } }],
    ['a value below 0', { chart: { ...CHART, bars: [{ label: 'a', value: -1 }] } }],
    ['a label without end', { chart: { ...CHART, bars: [{ label: 'a'.repeat(201), value: 1 }] } }],
    ['another kind', { chart: { ...CHART, kind: 'pie' } }],
    ['no title', { title: '' }],
  ])('is not drawn of %s', async (_name, change) => {
    expect(await add({ ...INPUT, ...change })).toMatchObject({
      ok: false,
      fault: { code: 'TOOL_INPUT_INVALID', data: { tool: 'canvas_add_chart' } },
    });
    expect((await hub.snapshot(board)).nodes).toEqual([]);
  });
});

const PLAN = `
schema: packaged-plan.v1
name: chart-the-lines
version: 1.0.0
title: Chart the lines
description: Puts a chart of the lines of each file on the board.
examples: [chart the lines]
rights: [read, board]
tasks:
  - id: list
    title: List
    tool: list_files
    claims:
      - id: each
        kind: quoted
        each: result.files[first != null]
        text: item.path & " is here"
        path: item.path
        line: item.first.line
        quote: item.first.quote
    checks: [quoted]
  - id: draw
    title: Draw
    tool: canvas_add_chart
    after: [list]
    arguments:
      title: Lines of each file
      beside: null
      chart:
        kind: bars
        bars: '=[tasks.list.largest.{ "label": path, "value": lines }]'
        axes: { label: file, value: Lines }
        unit: null
`;

it('a run draws it without asking, and whoever looks at the run gets what the card shows', async () => {
  const folder = sampleFolder({ 'a.txt': 'one\ntwo\n', 'b.txt': 'one\n' });
  const host = await openTestHost(home.path, [PLAN]);
  try {
    const calls = callsOf(host);
    await submitGoal(calls, { run: 'r', folder: folder.path, goal: 'chart', plan: 'chart-the-lines' });
    const state = await settled(host, 'r');
    expect(state.status).toMatchObject({ state: 'verified' });
    expect(state.approvals).toEqual({});
    const [published] = state.artifacts;
    expect(published).toMatchObject({ task: 'draw', title: 'Lines of each file' });
    const shown = await calls.run.artifact({ run: 'r', artifact: published?.id ?? '' });
    expect(shown.ok && shown.artifact.chart?.bars).toEqual([
      { label: 'a.txt', value: 2 },
      { label: 'b.txt', value: 1 },
    ]);
    const { nodes } = await host.hub.snapshot({ scope: state.scope, document: state.canvas });
    expect(nodes.map(({ id }) => id)).toContain(published?.node);
    // One commit holds the result and the card, so that neither is there without the other.
    const types = (await eventsOf(host, 'r')).map(({ type }) => type);
    const at = types.indexOf('artifact.published');
    expect(types.slice(at - 1, at + 2)).toEqual([
      'tool-call.completed',
      'artifact.published',
      'step.completed',
    ]);
  } finally {
    await host.close();
    folder.remove();
  }
});
