import { readdirSync, readFileSync } from 'node:fs';
import { PackagedPlan } from '@soma/schemas/plan';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { matchPlans, packagedPlanSources } from './index.ts';

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

  it.each(plans.flatMap((plan) => plan.examples.map((example) => [example, plan.name] as const)))(
    '%j finds %s',
    (goal, name) => {
      for (const typed of [goal, goal.toUpperCase(), `Please, ${goal}!`]) {
        const [best] = matchPlans(typed, plans);
        expect(best?.plan.name).toBe(name);
        expect(best?.score).toBe(1);
      }
    },
  );

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
