import { readFileSync, statSync } from 'node:fs';
import { type Fault, FaultError } from '@soma/schemas/event';
import { faultText } from '@soma/schemas/message';
import type { Desk } from './desk.ts';
import { printable } from './printable.ts';

/** What is far longer than any plan or agent is not sent, in bytes. */
const SIZE_LIMIT = 1_000_000;

/** Everything that is wrong with a file, each with its line. */
export function sayFaults({ speech }: Desk, file: string, faults: readonly Fault[]): void {
  for (const fault of faults) {
    const { cause } = faultText(speech.translator, fault);
    const where = `${printable(file)}:${Number(fault.data['line'] ?? 1)}`;
    speech.answer(`${where}  ${fault.code}  ${printable(cause)}`);
  }
}

/** The text of a file that a person named. Throws FaultError: FILE_GONE, FILE_TOO_LARGE, FILE_UNREADABLE. */
export function textOf(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > SIZE_LIMIT) throw new FaultError('FILE_TOO_LARGE', { path, size, limit: SIZE_LIMIT });
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const cause = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw cause === 'ENOENT'
      ? new FaultError('FILE_GONE', { path })
      : new FaultError('FILE_UNREADABLE', { path, cause });
  }
}
