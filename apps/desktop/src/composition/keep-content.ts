import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Collected, ContentFiles } from '@soma/agent-core/adapter/content-files';
import { collectExecutions } from '@soma/agent-core/adapter/tool-command';
import type { Report } from '@soma/agent-core/adapter/transport';
import type { Clock, EventStore, ReadModel } from '@soma/agent-core/port';
import { CALL_PREVIEW_TYPE, CHANGE_SET_TYPE, Content, EndState, type Scope } from '@soma/schemas/event';

/** A text that nothing names is kept this long, in milliseconds, before it is removed. */
const KEPT_MS = 7 * 24 * 3600 * 1000;
/** Looked for this long after the start and then this often, in milliseconds, whenever nothing is at work. */
const FIRST_LOOK_MS = 10 * 60 * 1000;
const LOOK_MS = 24 * 3600 * 1000;
/** Most texts looked at in one round, and events read in one turn. */
const MOST_TEXTS = 50_000;
const PAGE = 100;
/** Media types of texts that name further texts. */
const NAMING: ReadonlySet<string> = new Set([CALL_PREVIEW_TYPE, CHANGE_SET_TYPE]);

/** Most executions of commands looked at in one round. */
const MOST_EXECUTIONS = 10_000;

export interface ContentPlace {
  /** Absolute path of the data folder. */
  readonly folder: string;
  readonly store: EventStore;
  readonly runs: ReadModel;
  /** Absolute path of the folder with the ledgers of commands. */
  readonly executions: string;
  readonly content: ContentFiles;
  readonly scope: Scope;
  readonly clock: Clock;
}

/**
 * Removes stored texts that no event names. A hash counts as named wherever it stands in an event, so also in the arguments of the call that puts
 * a card on a board, and in the change set or preview an event names: so undo finds the texts before for as long as the run is there. Nothing is removed while a damaged database lies in quarantine: what it names may be wanted again.
 */
export async function collectContent(
  place: Omit<ContentPlace, 'runs' | 'executions'>,
  signal: AbortSignal,
): Promise<Collected> {
  const { folder, content, scope, clock } = place;
  if (existsSync(join(folder, 'quarantine'))) return { files: 0, bytes: 0 };
  const unnamed = (hashes: ReadonlySet<string>) => unnamedOf(hashes, place, signal);
  return content.collect(scope, { before: longAgo(clock), limit: MOST_TEXTS, unnamed });
}

/**
 * Removes ledgers and outputs of commands whose run has ended or is not there, unless an event names them: a claim that a kept run
 * proved by an execution can be checked again for as long as that run is there. Answers how many.
 */
export async function collectCommands(place: ContentPlace, signal: AbortSignal): Promise<number> {
  const { folder, runs, scope, clock, executions } = place;
  if (existsSync(join(folder, 'quarantine'))) return 0;
  return collectExecutions(executions, {
    before: longAgo(clock),
    limit: MOST_EXECUTIONS,
    unnamed: (ids) => unnamedOf(ids, place, signal),
    isOver: async (run) => {
      const row = await runs.get(scope, run);
      return row === null || EndState.safeParse(row.phase).success;
    },
  });
}

function longAgo(clock: Clock): string {
  return new Date(Date.parse(clock.now()) - KEPT_MS).toISOString();
}

/** Those of the hashes that stand in no event, and in no text that names further texts. */
async function unnamedOf(
  hashes: ReadonlySet<string>,
  { store, content, scope, clock }: Pick<ContentPlace, 'store' | 'content' | 'scope' | 'clock'>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  // What a change set holds stands in its own text, not in the event.
  const naming = async (value: unknown) => {
    const texts: string[] = [];
    for (const one of contentsIn(value, [])) texts.push((await content.get(scope, one)) ?? '');
    return texts;
  };
  const left = new Set(hashes);
  for (let after = 0; left.size > 0; ) {
    const { events, cursor } = await store.read({ scope, stream: null, after, limit: PAGE });
    if (events.length === 0) return left;
    for (const text of [JSON.stringify(events), ...(await naming(events))])
      for (const [hash] of text.matchAll(/[0-9a-f]{64}/g)) left.delete(hash);
    after = cursor;
    // Everything else takes its turn between two pages.
    await clock.sleep(1, signal);
  }
  return left;
}

/** The contents below a value whose texts name further texts. */
function contentsIn(value: unknown, found: Content[]): Content[] {
  if (typeof value !== 'object' || value === null) return found;
  const content = Content.safeParse(value);
  if (content.success && NAMING.has(content.data.mediaType)) found.push(content.data);
  for (const inner of Object.values(value)) contentsIn(inner, found);
  return found;
}

/** Collects now and then while nothing is at work. Answers the function that ends it. */
export function keepContent(
  place: ContentPlace,
  { isBusy, report }: { readonly isBusy: () => boolean; readonly report: Report },
): () => Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const look = async () => {
    for (let ms = FIRST_LOOK_MS; ; ) {
      await place.clock.sleep(ms, signal);
      ms = isBusy() ? FIRST_LOOK_MS : LOOK_MS;
      if (ms === LOOK_MS) {
        await collectContent(place, signal);
        await collectCommands(place, signal);
      }
    }
  };
  const looking = look().catch((error: unknown) => {
    if (!signal.aborted) report({ path: ['content'], error });
  });
  return () => {
    over.abort();
    return looking;
  };
}
