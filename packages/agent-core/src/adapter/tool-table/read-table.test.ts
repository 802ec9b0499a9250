import { appendFileSync, symlinkSync, utimesSync } from 'node:fs';
import type { Json } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { createTableTools } from './index.ts';
import { Table } from './table.ts';

let folder: SampleFolder;
beforeEach(() => {
  folder = sampleFolder();
});
afterEach(() => folder.remove());

const [tool] = createTableTools();
if (tool === undefined) throw new Error('the table tool is expected');

async function read(
  bytes: string | Uint8Array,
  path = 'data.csv',
  input: Record<string, Json> = {},
): Promise<Table> {
  folder.write({ [path]: bytes });
  return Table.parse(await outputOf(tool ?? fail(), { path, ...input }, aToolContext(folder.path)));
}

async function faultOf(bytes: string | Uint8Array, path = 'data.csv', input: Record<string, Json> = {}) {
  folder.write({ [path]: bytes });
  const result = await (tool ?? fail()).call({ path, ...input }, aToolContext(folder.path));
  if (result.ok) throw new Error('a fault was expected');
  return result.fault;
}

function fail(): never {
  throw new Error('the table tool is expected');
}

describe('reading a table', () => {
  it('finds the one table of a name, with its ending or without, wherever it lies; of two it takes none', async () => {
    folder.write({ 'x/people.csv': 'a,b\n1,2\n', 'people.md': 'no table\n' });
    for (const path of ['people', 'People.csv'])
      expect(Table.parse(await outputOf(tool ?? fail(), { path }, aToolContext(folder.path))).path).toBe(
        'x/people.csv',
      );
    folder.write({ 'y/people.tsv': 'a\tb\n1\t2\n' });
    const result = await (tool ?? fail()).call({ path: 'people' }, aToolContext(folder.path));
    expect(result.ok).toBe(false);
  });

  it('types its columns and finds ranges, quartiles, outliers and gaps, each with its line', async () => {
    const table = await read(
      'n,x,day,yes,word,none\n3,1.5,2024-02-29,true,a,\n1,2.5,2024-01-01,FALSE,b,\n2,,2023-12-31,true,"a",\n100,0.5,NA,true,7x,\n',
    );
    expect(table).toMatchObject({
      ...{ format: 'delimited', delimiter: ',', encoding: 'utf-8', rows: 4, lines: 5, oddities: [] },
      header: { line: 1, quote: 'n,x,day,yes,word,none' },
      anchor: { line: 1 },
    });
    const [n, x, day, yes, word, none] = table.columns;
    expect(n).toMatchObject({
      ...{ index: 1, name: 'n', type: 'integer', count: 4, distinct: 4, sum: 106, mean: 26.5 },
      min: { value: 1, line: 3, quote: '1,2.5,2024-01-01,FALSE,b,' },
      max: { value: 100, line: 5 },
      // By hand: 1, 2, 3, 100 lie at 0, 1, 2, 3; a quarter of the way is 0.75.
      quartiles: { q1: 1.75, median: 2.5, q3: 27.25, exact: true },
      outliers: { low: -36.5, high: 65.5, count: 1, examples: [{ value: 100, line: 5 }] },
    });
    expect(x).toMatchObject({ type: 'number', count: 3, missing: { count: 1, line: 4 }, sum: 4.5 });
    expect(day).toMatchObject({
      ...{ type: 'date', count: 3, missing: { count: 1, line: 5 }, quartiles: null },
      min: { text: '2023-12-31', line: 4 },
      max: { text: '2024-02-29', line: 2, value: Date.UTC(2024, 1, 29) },
    });
    expect(yes).toMatchObject({ type: 'boolean', count: 4, distinct: 2 });
    expect(word).toMatchObject({
      type: 'text',
      frequent: [{ text: 'a', count: 2, line: 2 }, { text: 'b' }, { text: '7x' }],
    });
    expect(none).toMatchObject({ type: 'empty', count: 0, missing: { count: 4, line: 2 }, min: null });
    expect(table.examples.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it('counts lines, not rows, where a cell goes over lines, with CRLF and a mark', async () => {
    const table = await read('\uFEFFa,b\r\n"one\r\ntwo\r\n",1\r\n\r\n"x ""y"", z",2\r\n');
    expect(table).toMatchObject({ rows: 2, header: { line: 1, quote: '\uFEFFa,b' } });
    expect(table.examples).toEqual([
      { line: 2, quote: '"one', cells: ['one\ntwo\n', '1'] },
      { line: 6, quote: '"x ""y"", z",2', cells: ['x "y", z', '2'] },
    ]);
    expect(table.oddities).toEqual([{ what: 'blank-lines', count: 1, line: 5, quote: null }]);
  });

  it('keeps apart what is no number: names with a nought before them, long ids, dates that are none', async () => {
    const { columns } = await read('zip,id,day\n01067,12345678901234567890,2023-02-29\n');
    expect(columns.map(({ type }) => type)).toEqual(['text', 'text', 'text']);
  });

  it.each([
    ['a\tb\n1\t2\n', 'x.tsv', '\t'],
    ['a;b\n1,5;2\n', 'x.csv', ';'],
    ['a|b\n1|2\n', 'x.txt', '|'],
    ['"a,b,c";d\n1;2\n', 'x.csv', ';'],
  ])('knows how %j is written', async (text, path, delimiter) => {
    const table = await read(text, path);
    expect(table).toMatchObject({ delimiter, rows: 1 });
    expect(table.columns).toHaveLength(2);
    expect(table.columns.every(({ type }) => type === 'integer' || type === 'number')).toBe(true);
  });

  it('takes a first row of data for data, and years for names', async () => {
    expect(await read('1,x\n2,y\n')).toMatchObject({ header: null, rows: 2, columns: [{ name: null }, {}] });
    expect(await read('country,1990,1991\nA,1,2\n', 'years.csv')).toMatchObject({
      ...{ rows: 1, header: { line: 1 } },
      columns: [{}, { name: '1990' }, {}],
    });
  });

  it('reads JSON lines, and counts the lines that are none', async () => {
    const table = await read('{"a":1,"b":{"c":2}}\n\n{"d":null,"a":"x"}\n[1]\n{broken\n', 'x.jsonl');
    expect(table).toMatchObject({
      ...{ format: 'json-lines', delimiter: null, rows: 2 },
      columns: [
        { name: 'a', type: 'mixed', kinds: { integer: 1, text: 1 } },
        { name: 'b', type: 'text', missing: { count: 1, line: 3 }, frequent: [{ text: '{"c":2}' }] },
        { name: 'd', type: 'empty', missing: { count: 2, line: 1 } },
      ],
      oddities: [
        { what: 'blank-lines', line: 2 },
        { what: 'malformed-lines', count: 2, line: 4, quote: '[1]' },
      ],
    });
  });

  it('says how many rows are ragged, and where first', async () => {
    const { oddities, columns } = await read('a,b\n1\n1,2\n1,2,3\n1\n');
    expect(oddities).toMatchObject([
      { what: 'short-rows', count: 2, line: 2, quote: '1' },
      { what: 'long-rows', count: 1, line: 4 },
    ]);
    expect(columns.map(({ missing }) => missing.count)).toEqual([0, 2]);
  });

  it.each([
    ['utf-16le', Buffer.from('\uFEFFäh,n\nß,1\n', 'utf16le'), []],
    ['utf-16be', Buffer.from('\uFEFFäh,n\nß,1\n', 'utf16le').swap16(), []],
    ['windows-1252', Buffer.from('äh,n\nß,1\n', 'latin1'), [{ what: 'foreign-lines', count: 2, line: 1 }]],
    [
      'mixed',
      Buffer.concat([Buffer.from('äh,n\n'), Buffer.from('ß,1\n', 'latin1')]),
      [{ what: 'foreign-lines', count: 1, line: 2, quote: 'ß,1' }],
    ],
  ])('reads %s and says so', async (encoding, bytes, oddities) => {
    const table = await read(bytes);
    expect(table).toMatchObject({ encoding, rows: 1, oddities });
    expect(table.columns.map(({ name }) => name)).toEqual(['äh', 'n']);
    expect(table.columns[0]?.frequent[0]?.text).toBe('ß');
  });

  it('keeps every value of a long column in its quartiles, and counts different values up to ten thousand', async () => {
    const numbers = Array.from(
      { length: 30_000 },
      (_, index) => `${(index * 7919) % 30_000},${index % 10_000}`,
    );
    const { columns } = await read(`n,m\n${numbers.join('\n')}\n`);
    expect(columns).toMatchObject([
      { distinct: null, frequent: [], quartiles: { q1: 7499.75, median: 14_999.5, exact: true } },
      { distinct: 10_000, sum: 30_000 * 4999.5 },
    ]);
    expect(columns[0]?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(30_000);
  });

  it('names the column that is asked for, by name or number', async () => {
    const text = 'id,a,b\n1,5,x\n2,7,y\n3,7,x\n';
    expect(await read(text)).toMatchObject({ telling: 2 });
    expect(await read(text, 'data.csv', { column: 'b' })).toMatchObject({ telling: 3 });
    expect(await read(text, 'data.csv', { column: '1' })).toMatchObject({ telling: 1 });
    expect(await faultOf(text, 'data.csv', { column: 'z' })).toMatchObject({
      code: 'TABLE_COLUMN_UNKNOWN',
      data: { column: 'z', columns: 'id, a, b' },
    });
  });

  it('reads a file that changed again, even when its size and time stay', async () => {
    expect(await read('a\n1\n')).toMatchObject({ columns: [{ sum: 1 }] });
    utimesSync(folder.at('data.csv'), 1, 1);
    expect(await read('a\n2\n')).toMatchObject({ columns: [{ sum: 2 }] });
    appendFileSync(folder.at('data.csv'), '3\n');
    const again = await outputOf(tool, { path: 'data.csv' }, aToolContext(folder.path));
    expect(again).toMatchObject({ columns: [{ sum: 5 }] });
  });
});

describe('what is no table', () => {
  it.each([
    [
      'a quote that never closes',
      'a,b\n1,2\n3,"open\n4,5\n',
      { code: 'TABLE_BROKEN', data: { line: 3, cause: 'quote-open' } },
    ],
    [
      'something behind a closing quote',
      'a,b\n1,2\n3,"x"y\n',
      { code: 'TABLE_BROKEN', data: { line: 3, cause: 'quote-inside' } },
    ],
    ['lines that end with CR alone', 'a,b\r1,2\r', { code: 'TABLE_BROKEN', data: { cause: 'line-ends' } }],
    [
      'one endless line',
      `a,b\n${'x'.repeat(5_000_000)}`,
      { code: 'TABLE_BROKEN', data: { line: 2, cause: 'line-too-long' } },
    ],
    [
      'a quote that swallows megabytes',
      `a,b\n1,"${'x,y\n'.repeat(1_500_000)}`,
      { code: 'TABLE_BROKEN', data: { line: 2, cause: 'quote-open' } },
    ],
    ['nothing', '', { code: 'TABLE_EMPTY', data: {} }],
    ['blank lines', '\n \n\n', { code: 'TABLE_EMPTY', data: {} }],
    ['bytes', Uint8Array.of(0x89, 0x50, 0, 1), { code: 'FILE_BINARY', data: {} }],
    [
      'a thousand columns and one',
      `${'a,'.repeat(1000)}a\n`,
      { code: 'TABLE_TOO_WIDE', data: { columns: 1001 } },
    ],
  ])('is refused: %s', async (_name, bytes, { code, data }) => {
    expect(await faultOf(bytes)).toMatchObject({ code, data: { path: 'data.csv', ...data } });
  });

  it('is refused where JSON lines begin with something else, and outside the folder', async () => {
    expect(await faultOf('[1]\n', 'x.jsonl')).toMatchObject({
      code: 'TABLE_BROKEN',
      data: { cause: 'no-object' },
    });
    symlinkSync('/etc/passwd', folder.at('out.csv'));
    for (const path of ['../x.csv', 'out.csv', '/etc/passwd']) {
      const result = await tool.call({ path }, aToolContext(folder.path));
      expect(result).toMatchObject({
        ok: false,
        fault: { code: expect.stringMatching(/PATH_OUTSIDE|FILE_GONE/) },
      });
    }
    expect(await tool.call({ path: 'gone.csv' }, aToolContext(folder.path))).toMatchObject({
      ok: false,
      fault: { code: 'FILE_GONE' },
    });
  });

  it('stops as soon as it is cancelled', async () => {
    folder.write({ 'long.csv': `a,b\n${'1,2\n'.repeat(2_000_000)}` });
    const stop = new AbortController();
    const reading = tool.call({ path: 'long.csv' }, aToolContext(folder.path, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 50);
    const began = performance.now();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
