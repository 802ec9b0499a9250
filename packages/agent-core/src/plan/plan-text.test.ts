import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packagedPlanSources } from './index.ts';
import { loadPlan } from './load.ts';
import { isOverloaded } from './plan-text.ts';
import { MOST_SLOTS, templateOf } from './template.ts';

const many = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at));
const doubled = many(30, (at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`).join('\n');

it.each([
  ['aliases that grow tenfold with each line', `a0: &a0 [x]\n${doubled}`],
  ['merges of merges', `a0: &a0 {x: 1}\n${doubled.replaceAll('[', '{<<: [').replaceAll(']', ']}')}`],
  ['thousands of anchors', `a: [${many(3000, (at) => `&x${at} 1`).join(', ')}]`],
  ['thousands of tags', `a: ${'!!x '.repeat(15_000)}`],
  ['brackets in brackets', '['.repeat(65_000)],
  ['braces in braces', '{a: '.repeat(15_000)],
  ['lists in lists', '- '.repeat(30_000)],
  ['thousands of keys', many(7000, (at) => `k${at}: 1`).join('\n')],
  ['one key thousands of times', 'k: 1\n'.repeat(12_000)],
  ['thousands of wrong tasks', `tasks:\n${'- {a: 1}\n'.repeat(7000)}`],
  ['a megabyte', `# ${'x'.repeat(1_000_000)}\n`],
])('a plan file of %s is refused in a moment', (_, source) => {
  const begun = performance.now();
  const loaded = loadPlan(source, new Map());
  expect(performance.now() - begun).toBeLessThan(8000);
  expect(loaded.ok).toBe(false);
  expect(loaded.ok ? [] : loaded.faults.length).toBeLessThanOrEqual(100);
});

it('what is packaged is far below every bound', () => {
  for (const source of packagedPlanSources) expect(isOverloaded(source)).toBe(false);
});

it('a key that stands twice is told with the line it stands on again', () => {
  const source = packagedPlanSources[0] ?? '';
  const lines = source.trimEnd().split('\n').length;
  const loaded = loadPlan(`${source.trimEnd()}\nversion: 1.0.0\n`, new Map());
  expect(loaded).toMatchObject({ ok: false, fault: { code: 'PLAN_INVALID', data: { line: lines + 1 } } });
});

it('an example with more places than can be told apart quickly is refused with its line', () => {
  const slots = many(MOST_SLOTS + 1, (at) => `{s${at}...}`).join(' ');
  const source = `schema: packaged-plan.v1\nname: a\nversion: 1.0.0\ntitle: A\ndescription: A\nexamples:\n  - "${slots}"\nrights: []\ntasks:\n  - { id: a, title: A, tool: t }\n`;
  expect(loadPlan(source, new Map())).toMatchObject({
    ok: false,
    faults: [{ code: 'PLAN_INVALID', data: { what: 'examples.0', why: 'size', line: 7 } }, {}],
  });
});

const slot = fc.constantFrom('{a}', '{a/}', '{a...}', '{a.a,b}', '... a|b');
const goalPart = fc.constantFrom(
  'a ',
  'a.a ',
  'and tell me ',
  'everywhere,',
  '"',
  '" ',
  ' ',
  '        ',
  'a',
  './',
  'please ',
  '\n',
);

it('no example with as many places as are allowed takes long over any goal', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(slot, { minLength: 1, maxLength: MOST_SLOTS }),
      fc.constantFrom(' ', ''),
      fc.array(goalPart, { minLength: 1, maxLength: 4 }),
      (slots, between, parts) => {
        const goal = parts.join('').repeat(1000).slice(0, 1000);
        const begun = performance.now();
        for (const said of [goal, goal.slice(0, 400), goal.slice(0, 100)])
          templateOf(`${slots.join(between)} end`)?.fit(said);
        expect(performance.now() - begun).toBeLessThan(2000);
      },
    ),
    {
      numRuns: 150,
      // Three places in one word took twenty seconds over four hundred signs.
      examples: [[['{a}', '{a}', '{a/}'], '', ['./']]],
    },
  );
});
