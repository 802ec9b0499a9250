import { ChangeSet, type Content, type Fault, FaultError, fault, type Scope } from '@soma/schemas/event';
import { mergeChanges, type RunState } from '@soma/schemas/run';
import type { Engine, RunLog } from '../engine/index.ts';
import type { ContentStore } from '../port/index.ts';
import type { FileRestorer } from './parts.ts';
import { loadRun } from './run-news.ts';

/** What each call of the run did to files, in the order of the calls. Throws FaultError CONTENT_GONE. */
export async function changeSetsOf(
  content: ContentStore,
  scope: Scope,
  state: RunState,
): Promise<ChangeSet[]> {
  const sets: ChangeSet[] = [];
  for (const { set } of state.changes)
    sets.push(ChangeSet.parse(JSON.parse(await textOf(content, scope, set))));
  return sets;
}

async function textOf(content: ContentStore, scope: Scope, stored: Content): Promise<string> {
  const text = await content.get(scope, stored);
  if (text === null) throw new FaultError('CONTENT_GONE', { hash: stored.hash });
  return text;
}

/** Rows of runs read at a time. */
const AT_A_TIME = 200;

/** The run and all that it had others do, each with what those had others do, the newest first and the run itself last. */
export async function familyOf(log: RunLog, scope: Scope, run: RunState): Promise<readonly RunState[]> {
  const parents = new Map<string, string>();
  let cursor: string | null = null;
  do {
    const page = await log.runs.page({ scope, cursor, limit: AT_A_TIME, only: 'all' });
    // What a run starts is younger than itself.
    const own = page.runs.findIndex((row) => row.run === run.id);
    for (const row of own < 0 ? page.runs : page.runs.slice(0, own))
      if (row.parent !== null) parents.set(row.run, row.parent.run);
    cursor = own < 0 ? page.cursor : null;
  } while (cursor !== null);
  const isOfIt = (id: string): boolean => {
    const parent = parents.get(id);
    return parent !== undefined && (parent === run.id || isOfIt(parent));
  };
  const states = await Promise.all([...parents.keys()].filter(isOfIt).map((id) => loadRun(log, scope, id)));
  return [...states.filter((state) => state !== null), run];
}

export interface UndoParts {
  readonly content: ContentStore;
  readonly engine: Engine;
  readonly files: FileRestorer;
  /** Where the folder of a run is now. */
  readonly folderOf: (state: RunState) => string;
}

export interface UndoRequest {
  readonly id: string;
  readonly scope: Scope;
  /** The runs to undo, with the one that was asked for last: the others are those it had done. */
  readonly family: readonly RunState[];
  /** Null: every file they changed. */
  readonly paths: readonly string[] | null;
}

export type Undone =
  | {
      readonly ok: true;
      /** Relative to the folder of the run that was asked for; what lies outside of it absolute. */
      readonly restored: string[];
      readonly kept: { path: string; fault: Fault }[];
      readonly sequence: number;
    }
  | { readonly ok: false; readonly fault: Fault };

/** One run's own part of what is undone. */
interface Member {
  readonly state: RunState;
  readonly folder: string;
  /** What stands before its paths where they are shown. */
  readonly prefix: string;
  readonly sets: readonly { readonly set: ChangeSet; readonly call: string }[];
}

/**
 * Gives the files of ended runs the texts they had before them, each on its own, and records with each run what came of its own. A file
 * that several of them changed, one after the other, goes back to before the first. Sent again after a crash, it finds the files that
 * are restored already and goes on; the run that was asked for is recorded last.
 */
export async function undoFiles(parts: UndoParts, request: UndoRequest): Promise<Undone> {
  const { content, engine, files } = parts;
  const { id, scope, family, paths } = request;
  const asked = family.at(-1);
  const working = family.find(({ status }) => status.name !== 'ended');
  if (asked === undefined || working !== undefined)
    return { ok: false, fault: fault('RUN_NOT_ENDED', { run: working?.id ?? '' }) };
  const members = await Promise.all(family.map((state) => memberOf(parts, request, { state, asked })));
  const folder = parts.folderOf(asked);
  const restored: string[] = [];
  const kept: { path: string; fault: Fault }[] = [];
  for (const { path, before, after } of mergeChanges(inOrder(members)).filter(
    (one) => paths === null || paths.includes(one.path),
  )) {
    const to = before === null ? null : await textOf(content, scope, before);
    const from = after === null ? null : await textOf(content, scope, after);
    const owner = members.find((member) => touches(member, path));
    const own = owner === undefined || owner.prefix !== `${owner.folder}/` ? null : owner;
    const place =
      own === null ? { in: folder, path } : { in: own.folder, path: path.slice(own.prefix.length) };
    const problem = await files.restore(place.in, { path: place.path, from, to });
    if (problem === null) restored.push(path);
    else kept.push({ path, fault: problem });
  }
  if (restored.length + kept.length === 0) return { ok: false, fault: fault('NOTHING_TO_CHANGE') };
  let { sequence } = asked;
  for (const member of members) {
    const { state, prefix } = member;
    const ownPath = (path: string) => (touches(member, path) ? [path.slice(prefix.length)] : []);
    const undone = {
      restored: restored.flatMap(ownPath),
      kept: kept.flatMap(({ path, fault: problem }) =>
        ownPath(path).map((own) => ({ path: own, fault: problem })),
      ),
    };
    if (undone.restored.length + undone.kept.length === 0) continue;
    const command = { id: state === asked ? id : `${id}.${state.id}`, scope };
    const recorded = await engine.command(state.id, { type: 'record-undo', undone }, command);
    if (!recorded.ok) return recorded;
    if (state === asked) sequence = recorded.sequence;
  }
  return { ok: true, restored, kept, sequence };
}

async function memberOf(
  { content, folderOf }: UndoParts,
  { scope }: UndoRequest,
  { state, asked }: { readonly state: RunState; readonly asked: RunState },
): Promise<Member> {
  const folder = folderOf(state);
  const all = await changeSetsOf(content, scope, state);
  const sets = all.map((set, index) => ({
    set: { ...set, files: set.files.filter(({ path }) => !state.undone.includes(path)) },
    call: state.changes[index]?.call ?? '',
  }));
  return { state, folder, prefix: prefixOf(folder, folderOf(asked)), sets };
}

/** Empty for the same folder, "docs/" for one inside it, and the folder itself for one that lies elsewhere. */
function prefixOf(folder: string, around: string): string {
  const [inner, outer] = [folder, around].map((path) => path.replaceAll('\\', '/').replace(/\/$/, ''));
  if (inner === undefined || outer === undefined || inner === outer) return '';
  return inner.startsWith(`${outer}/`) ? `${inner.slice(outer.length + 1)}/` : `${folder}/`;
}

function touches({ sets, prefix }: Member, path: string): boolean {
  return sets.some(({ set }) => set.files.some((file) => prefix + file.path === path));
}

/** What all of them did, in the order in which their calls were decided, by paths as they are shown. */
function inOrder(members: readonly Member[]): readonly ChangeSet[] {
  const setsOf = ({ state, prefix, sets }: Member): readonly ChangeSet[] => {
    const place = new Map(Object.keys(state.calls).map((call, index) => [call, index]));
    const own = sets.map(({ set, call }) => {
      const shown = set.files.map((file) => ({ ...file, path: prefix + file.path }));
      return { call, sets: [{ ...set, files: shown }] };
    });
    const others = members
      .filter((member) => member.state.parent?.run === state.id)
      .map((member) => ({ call: member.state.parent?.call ?? '', sets: setsOf(member) }));
    return [...own, ...others]
      .sort((a, b) => (place.get(a.call) ?? 0) - (place.get(b.call) ?? 0))
      .flatMap((each) => each.sets);
  };
  const asked = members.at(-1);
  return asked === undefined ? [] : setsOf(asked);
}
