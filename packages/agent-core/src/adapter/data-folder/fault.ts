import { type Fault, FaultError, fault, type Json } from '@soma/schemas/event';

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Whether the operating system answered with this code, for example `ENOENT`. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = codeOf(error);
  return code !== null && codes.includes(code);
}

/**
 * What an error of SQLite or of the file system means to a person: `DISK_FULL`, `DATABASE_DAMAGED`, or `DATA_FOLDER_UNUSABLE` with the
 * system's own code. Null for anything else, which is a defect and must be thrown on.
 */
export function storageFault(error: unknown, data: Record<string, Json> = {}): Fault | null {
  if (error instanceof FaultError) return error.fault;
  const code = codeOf(error);
  if (code === null) return null;
  if (['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG'].includes(code))
    return fault('DISK_FULL', { ...data, reason: code });
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return fault('DATABASE_DAMAGED', { ...data, reason: code });
  }
  if (code.startsWith('SQLITE_BUSY'))
    return fault('DATA_FOLDER_UNUSABLE', { ...data, reason: code }, { when: 'now' });
  if (UNUSABLE.some((prefix) => code.startsWith(prefix)))
    return fault('DATA_FOLDER_UNUSABLE', { ...data, reason: code });
  return null;
}

const UNUSABLE = [
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
  'SQLITE_PERM',
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'ENOTDIR',
  'EMFILE',
  'ENFILE',
  'ELOOP',
  'ENAMETOOLONG',
];

/** Throws what is known as a `FaultError`, and anything else as it came. */
export function throwFault(error: unknown, data: Record<string, Json> = {}): never {
  if (error instanceof FaultError) throw error;
  const known = storageFault(error, data);
  if (known === null) throw error;
  throw new FaultError(known.code, known.data, known.retry);
}

/** Does the work; what fails in it is thrown as a `FaultError` when it is known as one. */
export function withFaults<T>(data: Record<string, Json>, work: () => T): T {
  try {
    return work();
  } catch (error) {
    return throwFault(error, data);
  }
}
