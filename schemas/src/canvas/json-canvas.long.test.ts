import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { fromJsonCanvas, toJsonCanvas } from './index.ts';

const anyJson = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' });
const anyInteger = fc.integer({ min: -1e9, max: 1e9 });
const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const place = {
  x: anyInteger,
  y: anyInteger,
  width: fc.integer({ min: 1, max: 1e6 }),
  height: fc.integer({ min: 1, max: 1e6 }),
  color: maybe(fc.oneof(fc.constantFrom('1', '2', '6', '#fff', '#00AAff'), anyJson)),
};
const anyKind = fc.oneof(
  fc.record({ type: fc.constant('text'), text: fc.string({ unit: 'grapheme' }) }),
  fc.record({
    type: fc.constant('file'),
    file: anyText,
    subpath: maybe(fc.oneof(fc.constant('#L7'), anyText)),
  }),
  fc.record({ type: fc.constant('link'), url: anyText }),
  fc.record({
    type: fc.constant('group'),
    label: maybe(fc.oneof(anyText, anyJson)),
    background: maybe(anyText),
  }),
  fc.record({ type: anyText }),
);
const anyMore = fc.dictionary(
  anyText.map((key) => `x-${key}`),
  anyJson,
  { maxKeys: 3 },
);
const anyOwn = maybe(fc.oneof(fc.constant({ kind: 'task', run: 'r', task: 't', more: 1 }), anyJson));
const anyId = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const anyNode = fc
  .tuple(fc.record({ id: anyId, ...place, soma: anyOwn }), anyKind, anyMore)
  .map(([node, kind, more]) => ({ ...more, ...node, ...kind }));
const anyEdge = fc
  .tuple(
    fc.record({
      id: anyId,
      fromNode: anyId,
      toNode: anyId,
      fromSide: maybe(fc.oneof(fc.constantFrom('top', 'left'), anyJson)),
      toEnd: maybe(fc.oneof(fc.constantFrom('none', 'arrow'), anyJson)),
      label: maybe(fc.oneof(anyText, anyJson)),
    }),
    anyMore,
  )
  .map(([edge, more]) => ({ ...more, ...edge }));
const anyFile = fc
  .tuple(
    fc.record({
      nodes: fc.array(fc.oneof({ weight: 9, arbitrary: anyNode }, anyJson), { maxLength: 12, size: 'max' }),
      edges: fc.array(fc.oneof({ weight: 9, arbitrary: anyEdge }, anyJson), { maxLength: 8, size: 'max' }),
    }),
    anyMore,
  )
  .map(([file, more]): unknown => JSON.parse(JSON.stringify({ ...more, ...file })));

it('10,000 random files come out as they went in, with everything nobody here knows', () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(fromJsonCanvas(file)));
      expect(JSON.parse(JSON.stringify(toJsonCanvas(doc)))).toEqual(file);
    }),
    { numRuns: 10_000 },
  );
});
