import type { Fault, FaultCode, Json, Retry } from './fault.ts';

// Apart from the shapes: what runs before the window can open throws faults and checks none.

/** A fault that is not worth sending again unchanged. */
export function fault(
  code: FaultCode,
  data: Record<string, Json> = {},
  retry: Retry = { when: 'never' },
): Fault {
  return { code, data, retry };
}

/** Carries a fault through code that can only throw; adapters turn it back into the value at their edge. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly fault: Fault;

  constructor(code: FaultCode, data: Record<string, Json> = {}, retry: Retry = { when: 'never' }) {
    super(code);
    this.fault = fault(code, data, retry);
  }
}
