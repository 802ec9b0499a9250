import { readdirSync, readFileSync } from 'node:fs';
import { PackagedPlan } from '@soma/schemas/plan';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { matchPlans, packagedPlanSources, templateOf } from './index.ts';

const folder = new URL('./packaged/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const plans = packagedPlanSources.map((source) => PackagedPlan.parse(parse(source)));

describe('packaged plans', () => {
  it('are embedded as their files are', () => {
    expect(packagedPlanSources).toEqual(files.map((name) => readFileSync(new URL(name, folder), 'utf8')));
  });

  it('bear the names of their files', () => {
    expect(plans.map(({ name }) => `${name}.yaml`)).toEqual(files);
  });

  it.each([
    ['rename fastq to createQueue', 'change-text', { from: 'fastq', to: 'createQueue' }],
    ['Please rename "old name" to `new name`!', 'change-text', { from: 'old name', to: 'new name' }],
    ['find and replace teh with the', 'change-text', { from: 'teh', to: 'the' }],
    ['In src/serve.py change 5000 to 8080', 'change-text', { from: '5000', to: '8080', in: 'src/serve.py' }],
    ['replace a.b with c.d, only in the docs folder', 'change-text', { from: 'a.b', to: 'c.d', in: 'docs' }],
    ['where is the queue size set?', 'find-in-folder', { question: 'the queue size set' }],
    ['find the licence', 'find-in-folder', { question: 'the licence' }],
    ['could you summarise data/sales.csv', 'summarise-table', { file: 'data/sales.csv' }],
    ['what is in sales.csv?', 'summarise-table', { file: 'sales.csv' }],
    ['run the command npm run build', 'run-checks', { command: 'npm run build' }],
  ])('%j finds %s and fills its slots', (goal, name, filled) => {
    const [best, second] = matchPlans(goal, plans);
    expect(best).toMatchObject({ plan: { name }, filled });
    expect((best?.score ?? 0) - (second?.score ?? 0)).toBeGreaterThan(0.06);
  });

  const plain = plans.flatMap((plan) =>
    plan.examples
      .filter((example) => templateOf(example) === null)
      .map((example) => [example, plan.name] as const),
  );
  it.each(plain)('%j finds %s', (goal, name) => {
    for (const typed of [goal, goal.toUpperCase(), `Please, ${goal}!`]) {
      const [best] = matchPlans(typed, plans);
      expect(best?.plan.name).toBe(name);
      expect(best?.score).toBe(1);
    }
  });

  it.each([
    'Explain this folder to me',
    'explains folders',
    'what is this',
    'overview of this project',
    'explain this folder in detail',
  ])('%j still finds explain-folder', (goal) => {
    const [best] = matchPlans(goal, plans);
    expect(best?.plan.name).toBe('explain-folder');
    expect(best?.score).toBeGreaterThanOrEqual(0.5);
  });

  it.each([
    'delete this folder',
    'write a poem about cats',
    'fix the failing build',
    'rename this project to x',
    'deploy to production',
    'translate this folder to Rust',
    '',
    '???',
    'the',
    'zip this folder',
    '日本語',
  ])('%j finds no plan', (goal) => {
    for (const { score } of matchPlans(goal, plans)) expect(score).toBeLessThan(0.5);
  });
});
