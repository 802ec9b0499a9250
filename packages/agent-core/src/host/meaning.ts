import type { Scope } from '@soma/schemas/event';
import { type Described, exemplarsOf, likeness } from '../plan/index.ts';
import type { Clock, ModelProvider } from '../port/index.ts';

/** A goal waits this long for its vector, in milliseconds; then its words alone tell. */
const DEADLINE_MS = 150;
/** After a model failed, nobody asks it again for this long, in milliseconds. */
const REST_MS = 30_000;
/** Texts asked about at a time, so that others who ask the same model come in between. */
const AT_A_TIME = 8;

export interface MeaningParts {
  readonly model: ModelProvider;
  readonly clock: Clock;
  /** In whose name the model is asked. */
  readonly scope: Scope;
}

/**
 * How like a goal is to each plan, by the plan's name. Null when a model cannot tell in time: none is here, it is not loaded yet, or it
 * does not know these plans yet. Then it learns them meanwhile, and no goal waits for that.
 */
export type Meaning = (
  goal: string,
  plans: readonly Described[],
) => Promise<ReadonlyMap<string, number> | null>;

/** Keeps the vectors of the plans' examples while weights and examples stay the same. */
export function createMeaning({ model, clock, scope }: MeaningParts): Meaning {
  let known: { readonly weights: string; readonly vectors: ReadonlyMap<string, Float32Array> } | null = null;
  let learning = false;
  let restUntil = 0;

  async function learn(weights: string, texts: readonly string[]): Promise<void> {
    if (learning || clock.monotonicMs() < restUntil) return;
    learning = true;
    try {
      const kept = known?.weights === weights ? known.vectors : new Map<string, Float32Array>();
      const vectors = new Map(kept);
      const missing = texts.filter((text) => !vectors.has(text));
      const { signal } = new AbortController();
      for (let at = 0; at < missing.length; at += AT_A_TIME) {
        const asked = missing.slice(at, at + AT_A_TIME);
        for (const [index, vector] of (await model.embed({ scope, texts: asked, signal })).entries())
          vectors.set(asked[index] ?? '', vector);
      }
      known = { weights, vectors: new Map([...vectors].filter(([text]) => texts.includes(text))) };
    } catch {
      // Whatever ails a model, goals go on by their words; its store tells the person what it is.
      restUntil = clock.monotonicMs() + REST_MS;
    } finally {
      learning = false;
    }
  }

  async function compare(goal: string, plans: readonly Described[], signal: AbortSignal) {
    const about = await model.describe(scope);
    if (about === null || about.dimensions === null || about.hash === null) return null;
    const texts = [...new Set(plans.flatMap(exemplarsOf))];
    const vectors = known?.weights === about.hash ? known.vectors : null;
    if (vectors === null || texts.some((text) => !vectors.has(text))) {
      void learn(about.hash, texts);
      return null;
    }
    signal.throwIfAborted();
    const [asked] = await model.embed({ scope, texts: [goal], signal });
    if (asked === undefined) return null;
    const vectorsOf = (plan: Described) => exemplarsOf(plan).flatMap((text) => vectors.get(text) ?? []);
    return new Map(plans.map((plan) => [plan.name, likeness(asked, vectorsOf(plan))]));
  }

  return async (goal, plans) => {
    const over = new AbortController();
    const late = clock.sleep(DEADLINE_MS, over.signal).then(
      () => null,
      () => null,
    );
    const compared = compare(goal, plans, over.signal).catch(() => null);
    try {
      return await Promise.race([compared, late]);
    } finally {
      over.abort();
    }
  };
}
