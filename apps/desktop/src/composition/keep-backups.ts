import type { OpenDatabase } from '@soma/agent-core/adapter/data-folder';
import type { Report } from '@soma/agent-core/adapter/transport';

/** A backup is due when the newest is this old, in milliseconds; looked at this often. */
const BACKUP_AGE_MS = 24 * 3600 * 1000;
const BACKUP_LOOK_MS = 3600 * 1000;

/** Backs a database up now and then while its process runs. Answers the function that ends it, which waits for a backup under way. */
export function keepBackups(database: OpenDatabase, report: Report): () => Promise<void> {
  let looking = Promise.resolve();
  const look = () => {
    looking = database.backup(BACKUP_AGE_MS).then(
      () => undefined,
      (error: unknown) => void report({ path: ['backup'], error }),
    );
  };
  const timer = setInterval(look, BACKUP_LOOK_MS);
  timer.unref();
  look();
  return () => {
    clearInterval(timer);
    return looking;
  };
}
