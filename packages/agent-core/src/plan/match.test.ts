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

const plain = { name: 'plain', title: 'plain', description: 'plain', examples: ['plain'] };

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
    ['Hi, could you rename a_b to c_d everywhere, please?', 'change-text', { from: 'a_b', to: 'c_d' }],
    [
      'In lib/serve.py, change 1 to 2 and tell me what it did',
      'change-text',
      { from: '1', to: '2', in: 'lib/serve.py' },
    ],
    ['drainQueue should be called emptyQueue', 'change-text', { from: 'drainQueue', to: 'emptyQueue' }],
    ['ersetze grau durch blau in allen Dateien', 'change-text', { from: 'grau', to: 'blau' }],
    ['replace mean with sum in stats.csv', 'change-text', { from: 'mean', to: 'sum', in: 'stats.csv' }],
    [
      'which rows of x/people.tsv lack an age, and are numbers missing?',
      'summarise-table',
      { file: 'x/people.tsv' },
    ],
    ['What\'s the average of price in "my sales.csv"?', 'summarise-table', { file: 'my sales.csv' }],
    ['how many rows does the people table have', 'summarise-table', { file: 'people' }],
    ['is there a retry anywhere in this project?', 'find-in-folder', { question: 'a retry anywhere' }],
    ['why are sockets closed twice', 'find-in-folder', { question: 'sockets closed twice' }],
    ['run the command npm run build', 'run-checks', { command: 'npm run build' }],
    ['oldHost -> newHost', 'change-text', { from: 'oldHost', to: 'newHost' }],
    ['remplace « vieux mot » par « mot neuf » partout', 'change-text', { from: 'vieux mot', to: 'mot neuf' }],
    ['Sustituye «día» por «jornada», por favor', 'change-text', { from: 'día', to: 'jornada' }],
    ['andere "müde" in "wach"', 'change-text', { from: 'müde', to: 'wach' }],
    ['sumarise a/b.csv', 'summarise-table', { file: 'a/b.csv' }],
    ['¿Dónde está la sesión?', 'find-in-folder', { question: 'la sesión' }],
  ])('%j finds %s and fills its slots', (goal, name, filled) => {
    const [best, second] = matchPlans(goal, plans);
    expect(best).toMatchObject({ plan: { name }, filled });
    expect((best?.score ?? 0) - (second?.score ?? 0)).toBeGreaterThan(0.06);
  });

  it.each([
    ['What is this and how do I test it?', 'explain-folder'],
    ['how do I install this library?', 'explain-folder'],
    ['what are these notes about', 'explain-folder'],
    ['run the linter', 'run-checks'],
    ['check whether the package builds', 'run-checks'],
  ])('%j finds %s without asking', (goal, name) => {
    expect(matchPlans(goal, plans).find(({ fits }) => fits)?.plan.name).toBe(name);
  });

  const followed = (goal: string) => matchPlans(goal, plans).find(({ fits }) => fits)?.plan.name ?? null;
  const asked = (goal: string) =>
    matchPlans(goal, plans).flatMap(({ near, plan }) => (near ? [plan.name] : []));

  it.each([
    'who is the tallest',
    'find me a plumber',
    'where can I buy an egg',
    'which lamp should I take',
    'wie wird der Abend',
  ])('%j may be looked for, and is only asked about', (goal) => {
    expect([followed(goal), asked(goal)]).toEqual([null, ['find-in-folder']]);
  });

  it('a goal in the words of one plan that begins as another does is asked about', () => {
    const tell = { ...plain, name: 'tell', title: 'tell', examples: ['how {what...}'] };
    const weigh = { ...plain, name: 'weigh', title: 'weigh', examples: ['weigh the boxes', 'how heavy'] };
    const near = (goal: string) => matchPlans(goal, [tell, weigh]).filter((match) => match.near);
    expect(near('how are ships built').map(({ plan, fits }) => [plan.name, fits])).toEqual([['tell', true]]);
    expect(near('how heavy boxes').map(({ plan, fits }) => [plan.name, fits])).toEqual([
      ['tell', false],
      ['weigh', false],
    ]);
  });

  it('a first word that is a slip away is put right, a short one and one that two plans may mean are not', () => {
    const named = (name: string, ...examples: string[]) => ({
      name,
      title: name,
      description: name,
      examples,
    });
    const both = [named('plant', 'plant {what...}'), named('sweep', 'sweep {what...}', 'plank {what...}')];
    const first = (goal: string) => matchPlans(goal, both).find(({ fits }) => fits)?.plan.name ?? null;
    for (const typed of ['sweeep', 'swepe', 'sweip', 'Sweeq']) expect(first(`${typed} it up`)).toBe('sweep');
    for (const typed of ['plans', 'pwees', 'swep', 'sweepers', 'plan'])
      expect(first(`${typed} it up`)).toBeNull();
  });

  it('what names nothing fills no slot', () => {
    for (const goal of ['this should be called x', 'change it to y', 'rename everything to z'])
      for (const { filled } of matchPlans(goal, plans)) expect(filled).toEqual({});
  });

  it('takes no long time over goals made to take long', () => {
    const words = ['how ', 'rows ', 'in the ', 'please, ', 'and tell me ', 'a.csv ', 'rename ', ' to '];
    for (const word of words)
      for (const many of [60, 399, 999, 20_000]) {
        const goal = word.repeat(many / word.length);
        const began = performance.now();
        for (const text of [goal, `how ${goal}!`, `rename a to ${goal} to`]) matchPlans(text, plans);
        expect(performance.now() - began).toBeLessThan(1500);
      }
  });

  const sentences = plans.flatMap((plan) =>
    plan.examples
      .filter((example) => templateOf(example) === null)
      .map((example) => [example, plan.name] as const),
  );
  it.each(sentences)('%j finds %s', (goal, name) => {
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
