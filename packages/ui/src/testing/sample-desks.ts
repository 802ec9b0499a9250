import type { BackupCounts, BackupsView, ProvenBackup, QueueView, Reconciled } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';

/** A queue with events that wait and some that were set aside. */
export const queue: QueueView = {
  backlog: 12,
  oldest: new Date(Date.now() - 4 * 60_000).toISOString(),
  setAside: 3,
  copies: [
    {
      ...{ copy: 'run-1.7', type: 'soma.run.verified.v1', stream: 'run/run-1', sequence: 8, tries: 5 },
      at: '2026-01-01T00:00:00.000Z',
      fault: fault('CONSUMER_FAILED', { consumer: 'witness', cause: 'DISK_FULL' }),
    },
    {
      ...{ copy: 'run-1.8', type: 'soma.goal.completed.v1', stream: 'run/run-1', sequence: 9, tries: 1 },
      at: '2026-01-01T00:00:00.000Z',
      fault: fault('EVENT_INVALID', { path: 'data.run' }),
    },
  ],
  trouble: null,
};
const witness = {
  consumer: 'witness',
  expected: 20,
  taken: 18,
  repeated: 1,
  missing: 2,
  gaps: 1,
  unknown: 0,
};
/** What a comparison finds when something never arrived. */
export const report: Reconciled = {
  log: 30,
  open: 4,
  setAside: 3,
  gaps: 0,
  consumers: [witness],
  requeued: 2,
};

const place = '/home/mk/.local/share/soma-agent-backups';
const counts: BackupCounts = {
  ...{ events: 322, runs: 2, documents: 1, updates: 12, memories: 7, texts: 4, textsMissing: 0 },
  ...{ textsDamaged: 0, plans: 1, commands: 0, files: 9, bytes: 2_317_356 },
};
const time = '2026-11-20T10:00:00.000Z';
/** Backups of which one is not whole any more. */
export const backups: BackupsView = {
  folder: place,
  next: `${place}/soma-backup-2026-11-21T18-52-17`,
  backups: [
    { ok: true, path: `${place}/soma-backup-2026-11-20T10-00-00`, time, counts },
    { ok: true, path: `${place}/it's old`, time: '2026-10-02T10:00:00.000Z', counts: { ...counts, runs: 1 } },
    {
      ok: false,
      path: `${place}/soma-backup-2026-09-01T10-00-00`,
      fault: fault('BACKUP_BROKEN', { reason: 'not-a-backup' }),
    },
  ],
  more: 2,
  own: [{ database: 'ledger', copies: 3, newest: time, bytes: 420_000 }],
  aside: [
    {
      path: '/home/mk/.local/share/soma-agent/replaced/20261120T101500000Z',
      why: 'replaced',
      time,
      bytes: 5_200_000,
    },
    { path: '/home/mk/.local/share/soma-agent/quarantine/ledger', why: 'damaged', time: null, bytes: 16_000 },
  ],
  making: null,
};
export const proven: ProvenBackup = { path: backups.next, time: '2026-11-21T18:52:17.000Z', counts };
