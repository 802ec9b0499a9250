import { cpus } from 'node:os';
import { goalsOf, judgeGoals, matchByMeaning, matchByWords } from '@soma/agent-core/testing/judge-goals';
import { openRealModel, testScope } from '@soma/agent-core/testing/real-model';
import { figureOf } from './part/figure.ts';

// From what a person types to a packaged plan: by words alone, and with the real MiniLM. Thresholds were set on the set `tune`; some of
// its goals have become examples of the plans since. The set `held-out` was never used for either. One author wrote both.

const model = await openRealModel();
try {
  const answer = {
    bench: 'goals',
    machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.versions.node },
    words: await bothSets(matchByWords),
    ...(model.ok ? await byMeaning(model) : { meaning: { absent: model.code } }),
  };
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  if (model.ok) await model.close();
}

async function byMeaning({ provider }: Extract<typeof model, { ok: true }>) {
  const meaning = await bothSets(await matchByMeaning(provider));
  const times = [];
  for (const { goal } of goalsOf('held-out')) {
    const started = performance.now();
    await provider.embed({ scope: testScope, texts: [goal], signal: new AbortController().signal });
    times.push(performance.now() - started);
  }
  return { meaning, vectorOfAGoalMs: figureOf(times) };
}

async function bothSets(match: Parameters<typeof judgeGoals>[1]) {
  return {
    tune: await judgeGoals(goalsOf('tune'), match),
    heldOut: await judgeGoals(goalsOf('held-out'), match),
  };
}
