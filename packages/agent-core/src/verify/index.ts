import type { CheckedClaim, Claim, ClaimFault, Recount, Verdict } from '@soma/schemas/event';
import { type Executions, verdictOfExecuted } from './executed.ts';
import { openFolder, type RereadFolder } from './folder.ts';
import { importsSubject } from './importing.ts';
import { openTables, type RereadTables } from './tables.ts';

export type { Executions } from './executed.ts';

/**
 * Checks claims by rereading the folder: quoted and recounted ones must cite a line that is there, exactly; recounted ones are counted
 * again as well. Executed ones are checked against what the command's own runner wrote, and without `executions` they do not pass.
 * Shares no code with what made the claims. Throws FaultError FOLDER_GONE; rejects when the signal aborts.
 */
export async function verifyClaims(
  claims: readonly Claim[],
  where: { folder: string; signal: AbortSignal; executions?: Executions },
): Promise<readonly CheckedClaim[]> {
  const folder = await openFolder(where.folder, where.signal);
  const tables = openTables(folder.root, claims, where.signal);
  const checked: CheckedClaim[] = [];
  for (const claim of claims) {
    where.signal.throwIfAborted();
    checked.push({
      claim,
      verdict: await verdictOf(claim, { folder, tables, executions: where.executions }),
    });
  }
  // When the folder itself went away meanwhile, that is the news, not each of its files.
  await openFolder(where.folder, where.signal);
  return checked;
}

/** What Verify rereads in one round. */
interface Reread {
  readonly folder: RereadFolder;
  readonly tables: RereadTables;
  readonly executions: Executions | undefined;
}

async function verdictOf(claim: Claim, reread: Reread): Promise<Verdict> {
  if (claim.kind === 'executed') {
    const { executions } = reread;
    return executions === undefined ? refused('unsupported', null) : verdictOfExecuted(claim, executions);
  }
  const { path, line, quote } = claim.citation;
  if (quote.trim() === '') return refused('line-missing', null);
  const file = await citedLine(reread, path, line);
  if (file === null) return refused('FILE_GONE', null);
  const [found] = file.texts;
  if (found === undefined) return refused('line-missing', null);
  if (!file.texts.includes(quote)) return refused('line-differs', found);
  const passed: Verdict = { checked: true, fileHash: file.hash };
  switch (claim.kind) {
    case 'quoted':
      return passed;
    case 'recounted': {
      const counted = await recount(claim.recount, reread);
      return counted === claim.recount.value
        ? passed
        : refused('count-differs', counted === null ? null : String(counted));
    }
    default:
      return claim satisfies never;
  }
}

/** The hash of the file and every way its line may be read, none beyond its end; null when there is no such file. */
async function citedLine(
  { folder, tables }: Reread,
  path: string,
  line: number,
): Promise<{ hash: string; texts: readonly string[] } | null> {
  const streamed = await tables.cited(path, line);
  if (streamed !== null) return streamed;
  const file = await folder.read(path);
  if (file === null) return null;
  const texts = [file.lines[line - 1], file.western.get(line - 1)].filter((text) => text !== undefined);
  return { hash: file.hash, texts };
}

/** The count as it is now; null when there is nothing to count. */
async function recount(asked: Recount, { folder, tables }: Reread): Promise<number | null> {
  switch (asked.of) {
    case 'files':
      return (await folder.paths()).length;
    case 'lines':
      return (await folder.read(asked.subject))?.lines.length ?? null;
    case 'matches':
      return (
        (await folder.read(asked.subject))?.lines.filter((line) => line.includes(asked.needle)).length ?? null
      );
    case 'importers':
      return countImporters(asked, folder);
    case 'rows':
    case 'column':
      return tables.recount(asked);
    default:
      return asked satisfies never;
  }
}

/** The named lines that really import the subject, each file once. More importers than lines may be named cannot be recounted. */
async function countImporters(
  asked: Extract<Recount, { of: 'importers' }>,
  folder: RereadFolder,
): Promise<number | null> {
  const { subject, at } = asked;
  if ((await folder.read(subject)) === null) return null;
  const files = new Set<string>();
  for (const { path, line } of at) {
    if (await importsSubject(folder, { from: path, line, subject })) files.add(path);
  }
  return files.size;
}

function refused(why: ClaimFault | 'FILE_GONE', found: string | null): Verdict {
  return { checked: false, why, found: found?.slice(0, 1000) ?? null };
}
