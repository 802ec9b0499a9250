import { readFileSync } from 'node:fs';
import type { Artifact, CheckedClaim, Json, Slots } from '@soma/schemas/event';
import { phaseOf } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTableTools } from '../../adapter/tool-table/index.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from '../../testing/run-scenario.ts';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { openTestHost, type TestHost } from '../../testing/test-host.ts';
import { verifyClaims } from '../../verify/index.ts';
import { buildArtifact, buildClaims, evaluateArguments, loadPlan } from '../index.ts';

const tools = new Map(createTableTools().map((tool) => [tool.describe().name, tool]));
const descriptions = new Map([...tools].map(([name, tool]) => [name, tool.describe()]));
const loaded = loadPlan(readFileSync(new URL('summarise-table.yaml', import.meta.url), 'utf8'), descriptions);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
const { plan } = loaded;

let folder: SampleFolder;
afterEach(() => folder.remove());

interface Summarised {
  readonly checked: readonly CheckedClaim[];
  readonly chart: Artifact['chart'];
  /** Claims with their lines and remarks of each task, as a person reads them. */
  readonly cards: Readonly<Record<string, readonly string[]>>;
}

async function summarise(
  file: string | Uint8Array,
  name = 'data.csv',
  slots: Slots = {},
): Promise<Summarised> {
  folder = sampleFolder({ [name]: file });
  const results: Record<string, Json> = {};
  const cards: Record<string, string[]> = {};
  const checked: CheckedClaim[] = [];
  let chart: Artifact['chart'] = null;
  for (const task of plan.tasks) {
    const scope = { goal: '', slots: { file: name, ...slots }, tasks: results };
    const given = await evaluateArguments(task, { ...scope, result: null });
    const tool = tools.get(task.tool);
    if (tool === undefined || !given.ok) throw new Error(`${task.id}: ${JSON.stringify(given)}`);
    const result = await outputOf(tool, given.value, aToolContext(folder.path));
    const claims = await buildClaims(task, { ...scope, result });
    const artifact = await buildArtifact(task, { ...scope, result });
    if (!claims.ok || !artifact.ok) throw new Error(`${task.id}: ${JSON.stringify([claims, artifact])}`);
    const { signal } = new AbortController();
    checked.push(...(await verifyClaims(claims.value, { folder: folder.path, signal })));
    const remarks = (artifact.value?.lines ?? []).map(({ text, detail }) =>
      detail === null ? text : `${text}: ${detail}`,
    );
    cards[task.id] = [...claims.value.map(({ text, citation }) => `${text} (${citation.line})`), ...remarks];
    chart = artifact.value?.chart ?? chart;
    results[task.id] = result;
  }
  return { checked, chart, cards };
}

function expectVerified({ checked }: Summarised): void {
  expect(checked.filter(({ verdict }) => !verdict.checked)).toEqual([]);
}

const PRICES = [10, 11, 12, 11, 10, 12, 13, 11, 12, 95];
const SALES = `id,day,city,price\n${PRICES.map(
  (price, index) =>
    `${index + 1},2024-03-0${(index % 9) + 1},${index % 3 === 0 ? 'Oslo' : 'Rome'},${index === 4 ? 'NA' : price}\n`,
).join('')}`;

describe('summarising a table', () => {
  it('says what is in it, its ranges, what is missing, what lies far outside, and draws it', async () => {
    const summary = await summarise(SALES);
    expectVerified(summary);
    expect(summary.cards).toEqual({
      contents: [
        'data.csv has 10 rows and 4 columns (1)',
        'id: 10 whole numbers (1)',
        'day: 10 dates (1)',
        'city: 10 texts (1)',
        'price: 9 whole numbers (1)',
      ],
      ranges: [
        'id: smallest 1 (2)',
        'day: first 2024-03-01 (2)',
        'price: smallest 10 (2)',
        'id: largest 10 (11)',
        'day: last 2024-03-09 (10)',
        'price: largest 95 (11)',
        'id: mean 5.5 (1)',
        'price: mean 20.78 (1)',
        'city: 2 different values (1)',
        'price: 1 missing (6)',
      ],
      outliers: [
        'price: 1 value below 9.5 or above 13.5 (1)',
        'price is 95 (11)',
        'Far outside: more than 1.5 quartile distances beyond the quartiles',
      ],
      chart: [
        '10 to 20: 8 rows (1)',
        ...['20 to 30', '30 to 40', '40 to 50', '50 to 60', '60 to 70', '70 to 80', '80 to 90'].map(
          (range) => `${range}: 0 rows (1)`,
        ),
        '90 to 100: 1 row (1)',
      ],
    });
    expect(summary.chart).toMatchObject({
      kind: 'histogram',
      axes: { label: 'price', value: 'Rows' },
      unit: null,
    });
    expect(summary.chart?.bars[0]).toEqual({ label: '10 to 20', value: 8 });
  });

  it('draws the column that is asked for', async () => {
    const summary = await summarise(SALES, 'data.csv', { column: 'city' });
    expectVerified(summary);
    expect(summary.cards.chart).toEqual(['Rome: 6 rows (3)', 'Oslo: 4 rows (2)']);
    expect(summary.chart).toMatchObject({
      kind: 'bars',
      bars: [
        { label: 'Rome', value: 6 },
        { label: 'Oslo', value: 4 },
      ],
    });
  });

  it('summarises JSON lines, semicolons with decimal commas, and a table without a header', async () => {
    const lines = await summarise('{"n":1,"s":"a"}\nbroken\n{"n":2.5}\n', 'x.jsonl');
    expectVerified(lines);
    expect(lines.cards.contents).toEqual([
      'x.jsonl has 2 rows and 2 columns (1)',
      'n: 2 numbers (1)',
      's: 1 text (1)',
      'Lines that are no JSON object: 1, first in line 2',
    ]);
    folder.remove();
    const german = await summarise('Stadt;Preis\nKöln;1,5\nBonn;2\n', 'x.csv');
    expectVerified(german);
    expect(german.cards.ranges).toContain('Preis: largest 2 (3)');
    folder.remove();
    const bare = await summarise('1,a\n2,b\n3\n', 'x.csv');
    expectVerified(bare);
    expect(bare.cards.contents).toEqual([
      'x.csv has 3 rows and 2 columns (1)',
      'Column 1: 3 whole numbers (1)',
      'Column 2: 2 texts (1)',
      'No line names the columns: the first row is data',
      'Rows with too few cells: 1, first in line 3',
    ]);
  });

  it('claims little about a table of names only, and nothing about lines too long to quote', async () => {
    const names = await summarise('a,b\n');
    expectVerified(names);
    expect(names.cards).toEqual({
      contents: ['data.csv has 0 rows and 2 columns (1)', 'a: nothing (1)', 'b: nothing (1)'],
      ranges: ['Nothing is missing'],
      outliers: [
        'No number lies far outside',
        'Far outside: more than 1.5 quartile distances beyond the quartiles',
      ],
      chart: ['No column has values worth a chart'],
    });
    folder.remove();
    const long = await summarise(`${'x'.repeat(3000)},b\n${'y'.repeat(3000)},2\n`);
    expect(long.checked).toEqual([]);
  });

  it('stays true over hostile names and cells', async () => {
    const summary = await summarise(
      '"a ""quoted"" name","two\nlines","=1+1","<b>x</b>"\r\n"1,5","x\r\ny",5,"{{item}}"\r\n,,,\r\n"2024-01-01",NaN,-1e-7,💶\r\n',
      'odd "name" ü.csv',
    );
    expectVerified(summary);
    expect(summary.checked.length).toBeGreaterThan(8);
  });
});

describe('summarise-table, as a run', () => {
  let host: TestHost;
  let data: ReturnType<typeof temporaryFolder>;
  beforeEach(async () => {
    data = temporaryFolder();
    host = await openTestHost(data.path);
  });
  afterEach(async () => {
    await host.close();
    data.remove();
  });

  it('is what a person means who types it, ends verified, and puts its chart on the board', async () => {
    folder = sampleFolder({ 'sub/data.csv': SALES });
    const calls = callsOf(host);
    await submitGoal(calls, {
      ...{ run: 'r', folder: folder.path, goal: 'summarise this csv file' },
      slots: { file: 'sub/data.csv' },
    });
    const state = await settled(host, 'r');
    expect(phaseOf(state)).toBe('verified');
    const evidence = state.tasks.flatMap((task) => task.evidence);
    expect(evidence.length).toBeGreaterThan(20);
    expect(evidence.filter(({ verdict }) => !verdict.checked)).toEqual([]);
    // Tasks side by side end in any order.
    const titles = state.artifacts.map(({ title }) => title).sort();
    expect(titles).toEqual(['Chart', 'Far outside', 'Ranges and missing values', 'What is in it']);
    const chart = state.artifacts.find(({ title }) => title === 'Chart');
    const shown = await calls.run.artifact({ run: 'r', artifact: chart?.id ?? '' });
    expect(shown).toMatchObject({
      ok: true,
      artifact: { chart: { kind: 'histogram', axes: { label: 'price', value: 'Rows' } } },
    });
  });

  it.each([
    ['TABLE_BROKEN', 'a,b\n1,"open\n2,3\n'],
    ['TABLE_EMPTY', ''],
    ['FILE_BINARY', Uint8Array.of(1, 0, 2)],
  ])('fails with %s, and says so', async (code, bytes) => {
    folder = sampleFolder({ 'data.csv': bytes });
    await submitGoal(callsOf(host), {
      ...{ run: 'r', folder: folder.path, goal: 'x', plan: 'summarise-table' },
      slots: { file: 'data.csv' },
    });
    const state = await settled(host, 'r');
    expect(phaseOf(state)).toBe('failed');
    expect(JSON.stringify(await eventsOf(host, 'r'))).toContain(code);
    expect(state.artifacts).toEqual([]);
  });
});
