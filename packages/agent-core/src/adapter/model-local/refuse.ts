import { FaultError } from '@soma/schemas/event';

/** Why a file is not the model it should be. */
export type Refusal =
  | 'archive'
  | 'config'
  | 'entry'
  | 'hash'
  | 'header'
  | 'size'
  | 'tensor'
  | 'value'
  | 'vocabulary';

/** MODEL_FILE_REFUSED. `what` names the part of the file that is wrong. */
export function refuse(reason: Refusal, what?: string): FaultError {
  return new FaultError('MODEL_FILE_REFUSED', what === undefined ? { reason } : { reason, what });
}
