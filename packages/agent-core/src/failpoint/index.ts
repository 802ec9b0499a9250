/** Every durable write of the product by name. A test fails when one is made outside `durably`. */
export const DURABLE_WRITES = [
  'ledger.commit',
  'ledger.lease',
  'ledger.renew',
  'ledger.release',
  'ledger.settle',
  'ledger.rebuild',
  'segment.begin',
  'content.put',
  'content.erase',
  'content.collect',
  'folder.create',
  'folder.version',
  'folder.host',
  'folder.leave',
  'database.create',
  'database.migrate',
  'database.mark',
  'database.backup',
  'database.prune',
  'database.salvage',
  'database.quarantine',
  'database.restore',
  'backup.clear',
  'backup.copy',
  'backup.seal',
  'backup.prove',
  'backup.settle',
  'restore.clear',
  'restore.stage',
  'restore.agree',
  'restore.swap',
  'documents.append',
  'documents.compact',
  'memory.remember',
  'memory.forget',
  'files.part',
  'files.change',
  'files.sync',
  'files.back',
  'command.intent',
  'command.pipe',
  'command.record',
  'command.output',
  'command.kept',
  'executions.collect',
  'model.work',
  'model.write',
  'model.keep',
  'model.remove',
  'added.keep',
  'added.aside',
  'secret.keep',
  'plans.keep',
  'plans.forget',
  'queue.aside',
  'queue.requeue',
  'queue.note',
] as const;
export type DurableWrite = (typeof DURABLE_WRITES)[number];

/** Places inside a durable write where a crash is worth a test of its own. */
const INNER = [
  'ledger.commit.written',
  'ledger.rebuild.emptied',
  'content.put.written',
  'content.put.renamed',
  'database.backup.copied',
  'database.migrate.applied',
  'database.salvage.chosen',
  'database.quarantine.copied',
  'database.restore.copied',
  'backup.copy.database',
  'restore.swap.aside',
  'restore.swap.placed',
  'documents.append.written',
  'documents.compact.dropped',
  'plans.keep.aside',
] as const;

export type Failpoint = `${DurableWrite}.before` | `${DurableWrite}.after` | (typeof INNER)[number];

/** Every failpoint there is. */
export const FAILPOINTS: readonly Failpoint[] = [
  ...DURABLE_WRITES.flatMap((write) => [`${write}.before`, `${write}.after`] as const),
  ...INNER,
];

const armed = new Map<Failpoint, () => void>();

/** Lets `action` happen whenever the place is passed; answers how to disarm it. Only tests arm anything. */
export function arm(name: Failpoint, action: () => void): () => void {
  armed.set(name, action);
  return () => armed.delete(name);
}

/** A named place. Nothing happens here unless a test has armed it. */
export function failpoint(name: Failpoint): void {
  if (armed.size > 0) armed.get(name)?.();
}

/** Makes a durable write with a failpoint on both sides. */
export function durably<T>(write: DurableWrite, work: () => T): T {
  failpoint(`${write}.before`);
  const made = work();
  failpoint(`${write}.after`);
  return made;
}

/** As `durably`, for a write that is awaited. */
export async function durablyAsync<T>(write: DurableWrite, work: () => Promise<T>): Promise<T> {
  failpoint(`${write}.before`);
  const made = await work();
  failpoint(`${write}.after`);
  return made;
}
