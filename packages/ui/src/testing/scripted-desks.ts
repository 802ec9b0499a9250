import { implement } from '@orpc/server';
import { contract } from '@soma/schemas/contract';
import type { Script } from './script.ts';
import type { Take } from './scripted-runs.ts';

/** What waits between the log and the bus, as a script says. */
export function queueRouter({ queue, reconciled }: Script, take: Take) {
  const os = implement(contract.queue);
  const nothing = { backlog: 0, oldest: null, setAside: 0, copies: [], trouble: null };
  const compared = { log: 0, open: 0, setAside: 0, gaps: 0, consumers: [], requeued: 0 };
  return {
    describe: os.describe.handler(() => {
      const answer = take('queue.describe', {});
      return answer.ok ? { ok: true, queue: queue ?? nothing } : answer;
    }),
    requeue: os.requeue.handler(({ input }) => {
      const answer = take('queue.requeue', input);
      return answer.ok ? { ok: true, requeued: input.copy === null ? (queue?.setAside ?? 0) : 1 } : answer;
    }),
    reconcile: os.reconcile.handler(() => {
      const answer = take('queue.reconcile', {});
      return answer.ok ? { ok: true, report: reconciled ?? compared } : answer;
    }),
  };
}

/** Backups, as a script says. One that is not in the script never comes to an end. */
export function dataRouter({ backups, backup = new Promise(() => undefined) }: Script, take: Take) {
  const os = implement(contract.data);
  const folder = '/home/mk/.local/share/soma-agent-backups';
  const none = { folder, next: `${folder}/next`, backups: [], more: 0, own: [], aside: [], making: null };
  return {
    list: os.list.handler(({ input }) => {
      const answer = take('data.list', input);
      if (!answer.ok) return answer;
      const view = (typeof backups === 'function' ? backups() : backups) ?? none;
      return { ok: true, backups: input.folder === null ? view : { ...view, folder: input.folder } };
    }),
    backup: os.backup.handler(async ({ input }) => {
      const answer = take('data.backup', input);
      return answer.ok ? { ok: true, backup: await backup } : answer;
    }),
  };
}
