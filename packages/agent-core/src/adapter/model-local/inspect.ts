import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { isCode } from '../data-folder/index.ts';
import { hashOf } from './hash.ts';
import { type ReadHead, readGgufHead } from './read-gguf.ts';

/** Tokens of context and answer together, where nobody asks for another number: more takes memory that a small computer does not have. */
const USUAL_CONTEXT = 8192;

/** A chat model's file, as it says of itself. `contextTokens` is never more than it was trained for. */
export interface InspectedChat {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly model: string;
  readonly contextTokens: number;
  /** As the file writes it; null where it says nothing. */
  readonly licence: string | null;
}

/**
 * Reads what a GGUF file says of itself, and its hash. Loads no model. Rejects with FaultError FILE_GONE, FILE_UNREADABLE or
 * MODEL_FILE_NO_CHAT: no GGUF (*header*), not whole (*cut*), made for another work (*kind*), or no ordinary file (*folder*).
 */
export async function inspectChatFile(
  path: string,
  contextTokens: number | null,
  signal: AbortSignal,
): Promise<InspectedChat> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw noChat(path, 'folder');
    const head = await readGgufHead(path);
    if (head === null) throw noChat(path, 'header');
    if (found.size < head.bytes) throw noChat(path, 'cut');
    const kind = textAt(head, 'general.architecture');
    const trained = numberAt(head, `${kind}.context_length`);
    // A network that makes vectors and no words says how it pools them.
    if (kind === null || trained === null || head.values.has(`${kind}.pooling_type`))
      throw noChat(path, 'kind', kind);
    return {
      ...{ path, bytes: found.size, sha256: await hashOf(path, signal) },
      model: (textAt(head, 'general.name') ?? basename(path).replace(/\.gguf$/i, '')).slice(0, 200),
      contextTokens: Math.max(64, Math.min(contextTokens ?? USUAL_CONTEXT, trained)),
      licence: textAt(head, 'general.license'),
    };
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) throw new FaultError('FILE_GONE', { path });
    if (isCode(error, 'EACCES', 'EPERM', 'EIO', 'ELOOP', 'ENAMETOOLONG'))
      throw new FaultError('FILE_UNREADABLE', { path });
    throw error;
  }
}

function textAt({ values }: ReadHead, key: string): string | null {
  const value = values.get(key);
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : null;
}

function numberAt({ values }: ReadHead, key: string): number | null {
  const value = values.get(key);
  return typeof value === 'number' && Number.isInteger(value) && value >= 64 ? value : null;
}

function noChat(path: string, reason: 'header' | 'cut' | 'kind' | 'folder', what: string | null = null) {
  return new FaultError('MODEL_FILE_NO_CHAT', { path, reason, ...(what === null ? {} : { what }) });
}
