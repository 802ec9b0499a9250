import { CanvasClient, type CanvasClientOptions } from '@soma/schemas/canvas';
import { framePort } from '@soma/schemas/contract';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../adapter/data-folder/index.ts';
import { documentsSchema, SqliteDocuments } from '../adapter/sqlite-documents/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import type { Hub } from '../port/index.ts';
import { aScope } from './local-store.ts';
import { pipePair } from './pipe-pair.ts';

/** The real document store in a folder. */
export interface LocalDocuments {
  readonly store: SqliteDocuments;
  readonly db: Database;
  close(): void;
}

/** Opens `documents.db` in the folder, as the product does. */
export async function openLocalDocuments(folder: string): Promise<LocalDocuments> {
  const database = await openDatabase({
    folder,
    schema: documentsSchema,
    clock: systemClock,
    exit: 'clean',
    whenLost: 'refuse',
  });
  return { store: new SqliteDocuments(database), db: database.db, close: () => database.close() };
}

/** A window on a hub: its client, and how to pull its plug and put it in again. */
export interface LocalWindow {
  readonly client: CanvasClient;
  disconnect(): void;
  reconnect(hub: Hub): void;
}

/** Opens a window for an author over a pipe of its own. Its clock stands still, so that only named steps part edits. */
export function openWindow(
  hub: Hub,
  author: string,
  options: Partial<Pick<CanvasClientOptions, 'now' | 'onDamaged'>> = {},
): LocalWindow {
  const plug = () => {
    const [near, far] = pipePair();
    return { port: framePort(near), unplug: hub.connect(framePort(far), { author, scope: aScope() }) };
  };
  let plugged = plug();
  const client = new CanvasClient({ port: plugged.port, now: () => 0, ...options });
  return {
    client,
    disconnect: () => {
      client.disconnect();
      plugged.unplug();
    },
    reconnect: (next) => {
      const [near, far] = pipePair();
      plugged = { port: framePort(near), unplug: next.connect(framePort(far), { author, scope: aScope() }) };
      client.connect(plugged.port);
    },
  };
}

/** Waits until a condition holds, looking again in each turn of the loop; after 10 seconds it throws what was waited for. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
