import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { type PageReach, pageHeaders } from './security.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

export interface PageFile {
  readonly status: 200 | 404;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** Files of the built page, by their path in a URL. `root` is the absolute folder they lie in; nothing outside is answered. */
export function createPageFiles(root: string, reach: PageReach): (path: string) => Promise<PageFile> {
  const shared = pageHeaders(reach);
  const missing: PageFile = { status: 404, headers: shared, body: null };
  return async (path) => {
    const file = inside(root, path);
    const mediaType = file === null ? undefined : MEDIA_TYPES[extname(file)];
    if (file === null || mediaType === undefined) return missing;
    try {
      const body = new Uint8Array(await readFile(file));
      // Built files carry a hash of their content in their name; only the pages themselves do not.
      const cache = mediaType.startsWith('text/html') ? 'no-store' : 'public, max-age=31536000, immutable';
      return { status: 200, headers: { ...shared, 'content-type': mediaType, 'cache-control': cache }, body };
    } catch {
      return missing;
    }
  };
}

function inside(root: string, path: string): string | null {
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (name.includes('\0')) return null;
  const file = normalize(join(root, name));
  return file.startsWith(root + sep) ? file : null;
}
