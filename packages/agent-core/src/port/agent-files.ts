import type { Fault } from '@soma/schemas/event';

/** A file that holds an agent, as it was read, or why it was not. */
export type AgentFileRead = { readonly file: string; readonly path: string } & (
  | { readonly source: string; readonly fault?: undefined }
  | { readonly source?: undefined; readonly fault: Fault }
);

/** A person's own agents as files that they edit with any editor. Faults of the place itself are thrown as FaultError. */
export interface AgentFiles {
  /** Every agent file as it is now, in the order of their names. */
  read(): Promise<readonly AgentFileRead[]>;
}
