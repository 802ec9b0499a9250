import type { Fault } from '@soma/schemas/event';

/**
 * A file where a person's own plans lie. `file` is its name there, `path` where a person finds it. A file that cannot be read has a
 * `fault` instead of a `source`. While it is unchanged, reading again answers the same object.
 */
export type PlanFile = { readonly file: string; readonly path: string } & (
  | { readonly source: string; readonly fault?: undefined }
  | { readonly source?: undefined; readonly fault: Fault }
);

/** A workspace's own plans as files that people may also edit with any editor. Faults of the place itself are thrown as FaultError. */
export interface PlanFiles {
  /** Every plan file as it is now, in the order of their names. */
  read(): Promise<readonly PlanFile[]>;
  /**
   * Writes a whole file and answers its path. After a crash it holds all of the new text or all of the old; a text it held before is
   * kept aside. Throws PLAN_TOO_MANY when there is no room for a new one.
   */
  keep(file: string, source: string): Promise<string>;
  /** Moves a file aside and answers where it lies now. Throws FILE_GONE when there is none. */
  forget(file: string): Promise<string>;
}
