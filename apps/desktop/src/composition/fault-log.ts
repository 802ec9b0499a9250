import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '@soma/agent-core/adapter/transport';
import type { Clock, Ids } from '@soma/agent-core/port';

/** Size, in bytes, at which the log moves aside; one older part is kept. */
const LARGEST = 1024 * 1024;

/** Keeps what nobody expected in `errors.jsonl` of the data folder, a line each, under the id that is shown to the person. */
export function createFaultLog(dataFolder: string, { clock, ids }: { clock: Clock; ids: Ids }): Report {
  const file = join(dataFolder, 'errors.jsonl');
  return ({ path, error }) => {
    const correlation = ids.next();
    const stack = error instanceof Error ? error.stack : String(error);
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST) renameSync(file, `${file}.1`);
      const line = { correlation, time: clock.now(), call: path.join('.'), stack };
      appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch {
      // A disk that takes no more must not turn one fault into two.
    }
    return correlation;
  };
}
