import { mapEventIterator, ORPCError } from '@orpc/client';
import { type AnySchema, getEventIteratorSchemaDetails } from '@orpc/contract';
import type { AnyProcedure } from '@orpc/server';
import { type Fault, FaultError, fault } from '@soma/schemas/event';

/** Something threw that nobody expected; `path` names the call. */
export interface Unexpected {
  readonly path: readonly string[];
  readonly error: unknown;
}

/** Keeps what happened where a person can look it up, and answers the id it is kept under. */
export type Report = (unexpected: Unexpected) => string;

/** One call on its way through, as far as errors are concerned. */
export interface Passing {
  readonly path: readonly string[];
  readonly procedure: AnyProcedure;
  readonly next: () => Promise<unknown>;
}

/**
 * Turns whatever a call throws into what the contract promises: a refusal with a fault where the call answers with one, and for
 * a watch an error that carries the fault. Nothing else about the error leaves the host.
 */
export function refusing(report: Report): (passing: Passing) => Promise<unknown> {
  return async ({ path, procedure, next }) => {
    try {
      const output = await next();
      if (!isStream(output)) return output;
      return mapEventIterator(output, {
        value: (value) => Promise.resolve(value),
        error: (error) => Promise.resolve(watchError(faultOf(error, path, report))),
      });
    } catch (error) {
      const refusal = faultOf(error, path, report);
      if (isWatch(procedure)) throw watchError(refusal);
      return { ok: false, fault: refusal };
    }
  };
}

/** The fault to tell of an error: its own, or INTERNAL under the id it is kept under. */
export function faultOf(error: unknown, path: readonly string[], report: Report): Fault {
  if (error instanceof FaultError) return error.fault;
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return fault('INVALID_INPUT', { call: path.join('.') });
  }
  return fault('INTERNAL', { correlation: report({ path, error }) });
}

function watchError(data: Fault): ORPCError<string, Fault> {
  const code = data.code === 'INVALID_INPUT' ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR';
  return new ORPCError(code, { message: data.code, data });
}

function isWatch(procedure: AnyProcedure): boolean {
  const outputSchema = procedure['~orpc'].outputSchema as AnySchema | undefined;
  return getEventIteratorSchemaDetails(outputSchema) !== undefined;
}

function isStream(output: unknown): output is AsyncIterator<unknown, unknown, undefined> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}
