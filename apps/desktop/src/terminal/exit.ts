import type { Fault, FaultCode } from '@soma/schemas/event';

/** What the exit code of `soma` says. */
export const EXIT = { verified: 0, done: 0, ended: 1, wrongUse: 2, waits: 3, setUp: 4 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Faults of the house rather than of what was asked. */
const SET_UP: ReadonlySet<FaultCode> = new Set([
  'BACKUP_BROKEN',
  'DATABASE_DAMAGED',
  'DATA_FOLDER_BUSY',
  'DATA_FOLDER_NEWER',
  'DATA_FOLDER_UNUSABLE',
  'DISK_FULL',
  'HOST_LEAVING',
  'HOST_UNREACHABLE',
  'INTERNAL',
  'LEASE_LOST',
  'MODEL_NO_PYTHON',
  'PROTOCOL_MISMATCH',
]);

/** The exit code when a command was refused with this fault. */
export function exitOf(fault: Fault): Exit {
  return SET_UP.has(fault.code) ? EXIT.setUp : EXIT.wrongUse;
}
