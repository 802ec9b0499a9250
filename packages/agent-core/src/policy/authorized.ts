import type { Sha256 } from '@soma/schemas/event';
import type { Fence } from '../port/index.ts';

/** What an authorisation is bound to. */
export interface Authorisation {
  readonly argumentsHash: Sha256;
  readonly policyHash: Sha256;
  readonly decision: string;
  readonly fence: Fence;
}

let construct: <Effect>(effect: Effect, authorisation: Authorisation) => AuthorizedEffect<Effect>;

class AuthorizedEffect<Effect> {
  readonly #effect: Effect;
  readonly authorisation: Authorisation;

  private constructor(effect: Effect, authorisation: Authorisation) {
    this.#effect = effect;
    this.authorisation = authorisation;
  }

  get effect(): Effect {
    return this.#effect;
  }

  static {
    construct = (effect, authorisation) => new AuthorizedEffect(effect, authorisation);
  }
}

/**
 * An effect that may be performed: only this folder can make one, and only after the decision was committed. Its private field
 * makes it a nominal type, so that no object literal and no cast-free code elsewhere can pass for one.
 */
export type Authorized<Effect> = AuthorizedEffect<Effect>;

/** For `permit` alone. */
export function authorize<Effect>(effect: Effect, authorisation: Authorisation): Authorized<Effect> {
  return construct(effect, authorisation);
}
