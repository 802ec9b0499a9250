import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { durablyAsync } from '../../failpoint/index.ts';
import { refuse } from './refuse.ts';

/** Bytes read at a time. */
const PIECE = 1024 * 1024;

/** SHA-256 of a file, in hex. */
export async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    const piece = Buffer.alloc(PIECE);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(piece);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** Copies exactly so many bytes to a new file and answers their SHA-256, in hex; a source that has fewer or more is refused. */
export async function copyHashed(
  { from, to, bytes }: { readonly from: string; readonly to: string; readonly bytes: number },
  signal: AbortSignal,
): Promise<string> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      const piece = Buffer.alloc(PIECE);
      for (let copied = 0; ; ) {
        signal.throwIfAborted();
        const { bytesRead } = await source.read(piece);
        copied += bytesRead;
        if (copied > bytes || (bytesRead === 0 && copied !== bytes)) throw refuse('size');
        if (bytesRead === 0) break;
        hash.update(piece.subarray(0, bytesRead));
        for (let at = 0; at < bytesRead; ) {
          at += (await target.write(piece, at, bytesRead - at)).bytesWritten;
        }
      }
      await durablyAsync('model.write', () => target.sync());
      return hash.digest('hex');
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
