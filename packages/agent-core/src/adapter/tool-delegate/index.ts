import type { Delegate, Tool } from '../../port/index.ts';
import { delegateGoal } from './delegate-goal.ts';

/** The tool by which a run starts another and waits for it. */
export function createDelegateTools(delegate: Delegate): readonly Tool[] {
  return [delegateGoal(delegate)];
}
