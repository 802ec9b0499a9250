import { seeded } from './random.ts';
import { type ModelGround, play } from './run-model.ts';
import type { Strike } from './run-model-world.ts';

/** Every use the engine makes of a port. */
export const PORT_USES = [
  ...['store.commit', 'store.read', 'store.lease', 'lease.renew', 'lease.release'],
  ...['content.put', 'content.get', 'memory.remember', 'memory.recall', 'policy.evaluate'],
  ...['tool.call', 'tool.probe', 'verifier.verify', 'board.placeRun', 'board.caption', 'runs.page'],
] as const;
export type PortUse = (typeof PORT_USES)[number];

/** What becomes of one of them. A call of a tool made twice is the caller's doing, never a port's. */
export const LOSSES: readonly Strike[] = ['lost', 'broken', 'twice', 'late'];

/** One use of a port goes wrong, among everything else that may happen to a run; the clock is set forward and back besides. */
export async function playLoss(
  ground: ModelGround,
  {
    use,
    loss,
    seed,
    revises = true,
  }: { readonly use: PortUse; readonly loss: Strike; readonly seed: number; readonly revises?: boolean },
): Promise<{ readonly struck: boolean }> {
  const random = seeded(seed);
  // Once, or at several uses in a row.
  const first = 1 + random.below(['store.commit', 'content.put', 'content.get'].includes(use) ? 25 : 4);
  const last = first + random.below(5);
  let uses = 0;
  let struck = false;
  const strike = (name: string): Strike => {
    if (name !== use) return 'none';
    uses += 1;
    if (uses < first || uses > last) return 'none';
    struck = true;
    return loss;
  };
  await play(ground, { seed, strike, revises, jumps: true });
  return { struck };
}
