import type { ListedPlan } from '@soma/schemas/contract';
import { type Fault, FaultError, fault } from '@soma/schemas/event';
import type { PackagedPlan } from '@soma/schemas/plan';
import { type KnownAgents, type Loaded, loadPlan } from '../plan/index.ts';
import type { Hasher, PlanFile, PlanFiles, ToolDescription } from '../port/index.ts';
import type { Agents } from './agents.ts';

/** A plan that can be followed. */
export interface Shelved {
  readonly plan: PackagedPlan;
  readonly source: string;
  /** Of the plan file's text. */
  readonly hash: string;
  /** A person's own rather than one that came with the product. */
  readonly own: boolean;
}

/** A person's own plan file as it was read last. */
export interface OwnFile {
  readonly file: string;
  readonly path: string;
  readonly plan: PackagedPlan | null;
  readonly hash: string | null;
  /** Everything that keeps it from being used. */
  readonly faults: readonly Fault[];
}

/** The plans that can be followed: packaged ones, and a person's own as their files are now. */
export interface Shelf {
  /** Reads own plan files again where they have changed; everything else answers as of the last time. */
  refresh(): Promise<void>;
  /** The same list for as long as no plan changes. */
  plans(): readonly Shelved[];
  own(): readonly OwnFile[];
  list(): ListedPlan[];
  /** Why own plans could not be read at all; null when they could. */
  trouble(): Fault | null;
  /** The file a plan of this name belongs in, or PLAN_NAME_TAKEN. */
  placeOf(
    name: string,
  ): { readonly ok: true; readonly file: string } | { readonly ok: false; readonly fault: Fault };
  /** A plan that is there to be followed: what it names is looked up among the tools and agents of now. */
  load(source: string): Loaded;
  /** The plan of a run: whose tasks they are stands with the run, whatever became of agents since. */
  loadAgain(source: string): Loaded;
}

export interface ShelfParts {
  readonly tools: ReadonlyMap<string, ToolDescription>;
  readonly agents: Agents;
  readonly hasher: Hasher;
  /** Packaged plan files, each whole. They are read when one is first asked for; that throws when one of them is not a plan. */
  readonly sources: readonly string[];
  readonly files: PlanFiles;
}

/** Packaged plans are read when one is first asked for: that takes longer than anything else at a start, and no window waits for it. */
export function createShelf({ tools, agents, hasher, sources, files }: ShelfParts): Shelf {
  let packaged: readonly Shelved[] | null = null;
  let read: readonly PlanFile[] = [];
  let own: readonly OwnFile[] = [];
  let all: readonly Shelved[] | null = null;
  let trouble: Fault | null = null;
  let reading: Promise<void> = Promise.resolve();
  let loadedOf = new WeakMap<PlanFile, OwnFile>();
  let crew = agents.usable();
  const load = (source: string) => loadPlan(source, tools, knownTo(agents));

  const ofProduct = () =>
    (packaged ??= sources.map((source) => {
      const loaded = load(source);
      if (!loaded.ok) throw new Error(`a packaged plan cannot be used: ${JSON.stringify(loaded.fault)}`);
      return { plan: loaded.plan, source, hash: hasher.sha256(source), own: false };
    }));
  const plans = () => (all ??= [...ofProduct(), ...usable(own, read)]);

  function loaded(file: PlanFile): OwnFile {
    const known = loadedOf.get(file);
    if (known !== undefined) return known;
    const made = ownFile(file, load, hasher);
    loadedOf.set(file, made);
    return made;
  }

  async function readAgain(): Promise<void> {
    try {
      await agents.refresh();
      const now = await files.read();
      trouble = null;
      const isSame = crew === agents.usable();
      crew = agents.usable();
      if (!isSame) loadedOf = new WeakMap();
      if (isSame && now.length === read.length && now.every((file, index) => file === read[index])) return;
      read = now;
      const names = new Set(ofProduct().map(({ plan }) => plan.name));
      own = withNamesChecked(now.map(loaded), names);
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      trouble = error.fault;
      [read, own] = [[], []];
    }
    all = null;
  }

  return {
    refresh: () => {
      reading = reading.catch(() => undefined).then(readAgain);
      return reading;
    },
    plans,
    own: () => own,
    list: () => [...ofProduct().map(listedPackaged), ...own.map(listedOwn)],
    trouble: () => trouble,
    placeOf: (name) => {
      const isPackaged = ofProduct().some(({ plan }) => plan.name === name);
      return isPackaged ? taken(name, { why: 'packaged' }) : placeAmong(own, name);
    },
    load,
    loadAgain: (source) => loadPlan(source, tools),
  };
}

function knownTo(agents: Agents): KnownAgents {
  return {
    toolsOf: (name) => agents.usable().get(name)?.terms.tools ?? null,
    names: () => [...agents.usable().keys()],
  };
}

function usable(own: readonly OwnFile[], read: readonly PlanFile[]): readonly Shelved[] {
  const sources = new Map(read.map(({ file, source }) => [file, source]));
  return own.flatMap(({ file, plan, hash, faults }) => {
    const source = sources.get(file);
    if (plan === null || hash === null || source === undefined || faults.length > 0) return [];
    return [{ plan, source, hash, own: true }];
  });
}

function ownFile(given: PlanFile, load: (source: string) => Loaded, hasher: Hasher): OwnFile {
  const { file, path } = given;
  if (given.source === undefined) return { file, path, plan: null, hash: null, faults: [given.fault] };
  const loaded = load(given.source);
  const hash = hasher.sha256(given.source);
  return loaded.ok
    ? { file, path, plan: loaded.plan, hash, faults: [] }
    : { file, path, plan: null, hash, faults: loaded.faults };
}

/** A name is used only where exactly one plan has it, and never where it is a packaged plan's. */
function withNamesChecked(own: readonly OwnFile[], packaged: ReadonlySet<string>): readonly OwnFile[] {
  return own.map((file) => {
    const { plan } = file;
    if (plan === null) return file;
    if (packaged.has(plan.name))
      return { ...file, faults: [fault('PLAN_NAME_TAKEN', { plan: plan.name, why: 'packaged' })] };
    const other = own.find((one) => one !== file && one.plan?.name === plan.name);
    if (other === undefined) return file;
    const data = { plan: plan.name, why: 'twice', path: other.path };
    return { ...file, faults: [fault('PLAN_NAME_TAKEN', data)] };
  });
}

function placeAmong(own: readonly OwnFile[], name: string): ReturnType<Shelf['placeOf']> {
  const [held, second] = own.filter(({ plan }) => plan?.name === name);
  if (second !== undefined) return taken(name, { why: 'twice', path: second.path });
  if (held !== undefined) return { ok: true, file: held.file };
  const file = `${name}.yaml`;
  const there = own.find((one) => one.file === file);
  if (there === undefined || there.plan === null) return { ok: true, file };
  return taken(name, { why: 'file', path: there.path });
}

function taken(plan: string, data: { readonly why: string; readonly path?: string }) {
  return { ok: false as const, fault: fault('PLAN_NAME_TAKEN', { plan, ...data }) };
}

function listedPackaged({ plan, hash }: Shelved): ListedPlan {
  const { name, title, description, version, rights } = plan;
  return { name, title, description, version, hash, rights, own: false, path: null, faults: [] };
}

function listedOwn({ file, path, plan, hash, faults }: OwnFile): ListedPlan {
  const shared = { own: true, path, hash, faults: [...faults] };
  if (plan === null) {
    const name = stemOf(file);
    return { ...shared, name, title: null, description: null, version: null, rights: [] };
  }
  const { name, title, description, version, rights } = plan;
  return { ...shared, name, title, description, version, rights };
}

/** The name of a file that is no plan. */
export function stemOf(file: string): string {
  return file.replace(/\.ya?ml$/i, '');
}
