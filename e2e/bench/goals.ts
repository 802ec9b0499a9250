import {
  blindGoals,
  goalsOf,
  judgeBlind,
  judgeGoals,
  matchByMeaning,
  matchByWords,
} from '@soma/agent-core/testing/judge-goals';
import { openRealModel, testScope } from '@soma/agent-core/testing/real-model';
import { figureOf, machine } from './part/figure.ts';

// From what a person types to a packaged plan: by words alone, and with the real MiniLM. Thresholds were set on the set `tune`; some of
// its goals have become examples of the plans since. The set `held-out` was never used for either, but one author wrote both. The set `blind` is by another, who knew the plans by their descriptions only.

const model = await openRealModel();
try {
  const answer = {
    bench: 'goals',
    machine: machine(),
    words: await allSets(matchByWords),
    ...(model.ok ? await byMeaning(model) : { meaning: { absent: model.code } }),
  };
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  if (model.ok) await model.close();
}

async function byMeaning({ provider }: Extract<typeof model, { ok: true }>) {
  const meaning = await allSets(await matchByMeaning(provider));
  const times = [];
  for (const { goal } of goalsOf('held-out')) {
    const started = performance.now();
    await provider.embed({ scope: testScope, texts: [goal], signal: new AbortController().signal });
    times.push(performance.now() - started);
  }
  return { meaning, vectorOfAGoalMs: figureOf(times) };
}

async function allSets(match: Parameters<typeof judgeGoals>[1]) {
  return {
    tune: await judgeGoals(goalsOf('tune'), match),
    heldOut: await judgeGoals(goalsOf('held-out'), match),
    blind: await judgeBlind(blindGoals(), match),
  };
}
