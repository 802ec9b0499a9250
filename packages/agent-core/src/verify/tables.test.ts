import { open } from 'node:fs/promises';
import type { Claim } from '@soma/schemas/event';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { surveyTable } from '../adapter/tool-table/survey.ts';
import type { Table, TableColumn } from '../adapter/tool-table/table.ts';
import { sampleFolder } from '../testing/sample-folder.ts';
import { verifyClaims } from './index.ts';

const folder = sampleFolder();
afterAll(() => folder.remove());
const signal = new AbortController().signal;

async function survey(path: string): Promise<Table> {
  const handle = await open(folder.at(path));
  try {
    return await surveyTable(handle, path, () => undefined);
  } finally {
    await handle.close();
  }
}

type Recounted = Extract<Claim, { kind: 'recounted' }>;
type ColumnRecount = Extract<Recounted['recount'], { of: 'column' }>;

function recounted(table: Table, recount: Recounted['recount']): Recounted {
  const citation = { path: table.path, line: 1, quote: 'unknown', ...table.anchor };
  return { kind: 'recounted', id: 'r', text: 't', citation, recount };
}

/** Everything the tool says of a table that can be counted again. */
function claimsOf(table: Table): Recounted[] {
  const rows = recounted(table, { of: 'rows', subject: table.path, value: table.rows });
  return [rows, ...table.columns.flatMap((column) => columnClaims(table, column))];
}

function columnClaims(table: Table, column: (typeof table.columns)[number]): Recounted[] {
  const { kinds, type } = column satisfies ReturnType<(typeof TableColumn)['parse']>;
  const measure = (
    name: ColumnRecount['measure'],
    value: number | null,
    more: Partial<ColumnRecount> = {},
  ) =>
    value === null
      ? []
      : [
          recounted(table, {
            ...{ of: 'column', subject: table.path, column: column.index, measure: name, value },
            ...more,
          }),
        ];
  return [
    ...measure('filled', column.count),
    ...measure('missing', column.missing.count),
    ...measure('numbers', (kinds.integer ?? 0) + (kinds.number ?? 0)),
    ...measure('dates', kinds.date ?? 0),
    ...measure('booleans', kinds.boolean ?? 0),
    ...measure('distinct', column.distinct),
    ...measure('outliers', column.outliers?.count ?? null),
    ...(type === 'date' || column.sum !== null
      ? [...measure('min', column.min?.value ?? null), ...measure('max', column.max?.value ?? null)]
      : []),
    ...measure('sum', column.sum),
    ...measure('mean', column.mean),
    ...column.frequent.flatMap(({ text, whole, count }) =>
      whole ? measure('equal', count, { needle: text }) : [],
    ),
    ...column.bins.flatMap(({ from, to, count }) => measure('between', count, { from, to })),
  ];
}

/** Lines the tool quotes. */
function quotedIn(table: Table): Claim[] {
  const places = [
    ...table.columns.flatMap(({ min, max, missing, frequent, outliers }) => [
      ...[min, max, missing],
      ...frequent,
      ...(outliers?.examples ?? []),
    ]),
    ...table.examples,
    ...table.oddities,
    table.header,
  ];
  return places.flatMap((place): Claim[] =>
    place === null || place.line === null || place.quote === null
      ? []
      : [
          {
            ...{ kind: 'quoted', id: 'q', text: 't' },
            citation: { path: table.path, line: place.line, quote: place.quote },
          },
        ],
  );
}

async function refused(claims: readonly Claim[]) {
  const checked = await verifyClaims(claims, { folder: folder.path, signal });
  return checked.filter(({ verdict }) => !verdict.checked);
}

const cell = fc.oneof(
  fc.integer({ min: -50, max: 50 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('1.50', '2,5', '+3', '-0', '.5', '5.', '.', '+', '1e3', '1e999', '007', '1234567890123456'),
  fc.constantFrom('', ' ', 'NA', 'null', 'true', 'False', ' 12 ', 'Zürich', '💶', 'a b', 'x"y', 'a,b', 'a;b'),
  fc.constantFrom('line\nend', 'crlf\r\nend', '""', '\n', 'tab\tin', '|', '\u00a07', '{}', '#1'),
  fc.constantFrom(
    '2024-02-29',
    '2023-02-29',
    '2024-01-31T10:20:30.1239Z',
    '2024-01-31 10:20+01:30',
    '0001-01-01',
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.string({ maxLength: 6 }),
);

const written = fc.record({
  rows: fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 30,
  }),
  alike: fc.option(cell, { nil: undefined }),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  end: fc.constantFrom('\n', '\r\n'),
  closed: fc.boolean(),
  bom: fc.boolean(),
  ending: fc.constantFrom('csv', 'tsv', 'txt'),
});

/** Delimited text as programs write it: a cell is quoted where it must be, and where chance has it. */
function textOf({
  rows,
  alike,
  delimiter,
  end,
  closed,
  bom,
}: Parameters<typeof written.map>[0] extends (value: infer Value) => unknown ? Value : never): string {
  const lines = rows.map((row) =>
    row
      .map(([value, quote], place) => {
        const text = place === 0 && alike !== undefined ? alike : value;
        return quote || /[",;|\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      })
      .join(delimiter),
  );
  return (bom ? '\uFEFF' : '') + lines.join(end) + (closed ? end : '');
}

describe('what the tool counts in a table', () => {
  it('is what Verify counts, and every quote is the line', { timeout: 120_000 }, async () => {
    let tables = 0;
    let claims = 0;
    await fc.assert(
      fc.asyncProperty(written, async (table) => {
        const path = `t.${table.ending}`;
        folder.write({ [path]: textOf(table) });
        const found = await survey(path).catch((error: unknown) => {
          expect(error).toMatchObject({ fault: { code: expect.stringMatching(/^TABLE_/) } });
          return null;
        });
        if (found === null || found.anchor === null) return;
        const stated = [...claimsOf(found), ...quotedIn(found)];
        tables += 1;
        claims += stated.length;
        expect(await refused(stated)).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(tables).toBeGreaterThan(200);
    expect(claims).toBeGreaterThan(5000);
  });

  it('is told by the first line that is not blank, also where that is the last and has no end', async () => {
    folder.write({ 't.csv': '\n\t1.50' });
    const found = await survey('t.csv');
    expect([...claimsOf(found)].length).toBeGreaterThan(0);
    expect(await refused([...claimsOf(found), ...quotedIn(found)])).toEqual([]);
  });

  it('is what Verify counts in JSON lines', { timeout: 60_000 }, async () => {
    const row = fc.oneof(
      fc.dictionary(fc.constantFrom('a', 'b', 'c', '1', '__proto__', 'ü'), fc.oneof(fc.jsonValue(), cell)),
      fc.constantFrom('[]', 'broken', ''),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const lines = rows.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
        folder.write({ 't.jsonl': `{"a":1}\n${lines.join('\n')}` });
        const found = await survey('t.jsonl');
        expect(await refused([...claimsOf(found), ...quotedIn(found)])).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

const CITIES = ['Oslo', 'Rome', 'Wien'];
const SALES = [
  'id,day,city,price,left',
  ...Array.from({ length: 60 }, (_, index) => {
    const price = index === 41 ? '900.25' : (10 + ((index * 7) % 13) / 4).toFixed(2);
    const day = `2024-01-${String(1 + ((index * 5) % 28)).padStart(2, '0')}`;
    return `${index + 100},${day},${CITIES[(index * index) % 3]},${price},${index % 9 === 0 ? '' : index * 3}`;
  }),
  '',
].join('\n');

describe('claims about a table', () => {
  it('that are corrupted are refused, every one of 500', { timeout: 60_000 }, async () => {
    folder.write({ 'sales.csv': SALES, 'other.csv': 'a,b\n1,2\n' });
    const claims = claimsOf(await survey('sales.csv'));
    expect(await refused(claims)).toEqual([]);
    expect(claims.length).toBeGreaterThan(40);
    const shift = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0.5, 1e-9, -1, 1e15));
    const change = fc.oneof(
      shift.map((by) => (recount: Recounted['recount']) => ({ ...recount, value: recount.value + by })),
      fc
        .constantFrom('other.csv', 'gone.csv', '../sales.csv', '')
        .map((subject) => (recount: Recounted['recount']) => ({ ...recount, subject })),
      fc.constant((recount: Recounted['recount']) => ({
        ...recount,
        ...('column' in recount ? { column: 6 } : { value: -1 }),
      })),
      fc.constant((recount: Recounted['recount']) =>
        recount.value > 0 && ('needle' in recount || 'from' in recount)
          ? { ...recount, needle: 'nowhere', from: 1e6, to: 1e7 }
          : { ...recount, value: recount.value + 1 },
      ),
    );
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...claims), change, async (claim, corrupt) => {
        const recount = corrupt(claim.recount);
        // A shift that the number is too large to feel is no corruption; of the other file a nought may be true.
        fc.pre(JSON.stringify(recount) !== JSON.stringify(claim.recount));
        fc.pre(!('subject' in recount && recount.subject === 'other.csv' && recount.value <= 2));
        tried += 1;
        expect(await refused([{ ...claim, recount }])).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
    expect(tried).toBeGreaterThanOrEqual(500);
  });

  it('are refused where the line they rest on is another', async () => {
    folder.write({ 'sales.csv': SALES });
    const table = await survey('sales.csv');
    const quotes = [...claimsOf(table), ...quotedIn(table)];
    const moved = quotes.map((claim) => ({
      ...claim,
      citation: { ...claim.citation, line: claim.citation.line + 1 },
    }));
    expect(await refused(moved)).toHaveLength(moved.length);
  });

  it.each([
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${SALES.replaceAll('Oslo', 'Škofja Loka')}`, 'utf16le')],
    ['Windows-1252', Buffer.from(SALES.replaceAll('Oslo', 'Malmö'), 'latin1')],
    [
      'UTF-8 and Windows-1252 in turns',
      Buffer.concat([Buffer.from('stadt,n\nMalmö,1\n'), Buffer.from('Malmö,2\n', 'latin1')]),
    ],
    ['more than four megabytes', Buffer.from(SALES.repeat(2500).replaceAll(/\nid,.*/g, ''))],
  ])('hold in a file of %s', async (_name, bytes) => {
    folder.write({ 'table.csv': bytes });
    const table = await survey('table.csv');
    const stated = [...claimsOf(table), ...quotedIn(table)];
    expect(stated.length).toBeGreaterThan(5);
    expect(await refused(stated)).toEqual([]);
    // Quotes alone are found as well, without anything that says that the file is a table.
    expect(await refused(quotedIn(table))).toEqual([]);
  });

  it('do not hold once the table breaks off or goes', async () => {
    folder.write({ 'sales.csv': SALES });
    const claims = claimsOf(await survey('sales.csv'));
    folder.write({ 'sales.csv': `${SALES}1,"open` });
    expect(await refused(claims)).toHaveLength(claims.length);
    folder.write({ 'sales.csv': '' });
    expect(await refused(claims)).toHaveLength(claims.length);
  });
});
