import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { FaultError } from '@soma/schemas/event';
import { type Answer, asFault, failed } from './request.ts';

/** Bytes of a body, as it comes and as it is inflated. */
const LIMIT = 4 * 1024 * 1024;

/**
 * The whole body, inflated. Counts while it comes and while it is inflated, and stops at the limit with FETCH_TOO_LARGE. Throws
 * FETCH_FAILED for a body that breaks off or is not packed as it says.
 */
export async function readBody({ url, response }: Answer, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of limited(source)) chunks.push(chunk);
  };
  try {
    const inflate = inflaterOf(response);
    if (inflate === 'none') await pipeline(response, collect, { signal });
    else if (inflate === 'unknown') throw failed(url, 'encoding');
    else await pipeline(response, limited, inflate, collect, { signal });
  } catch (error) {
    throw error instanceof Error ? asFault(error, url) : error;
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks);
}

async function* limited(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > LIMIT) throw new FaultError('FETCH_TOO_LARGE', { limit: LIMIT });
    yield chunk;
  }
}

function inflaterOf(response: IncomingMessage) {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
  switch (encoding) {
    case '':
    case 'identity':
      return 'none';
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    default:
      return 'unknown';
  }
}
