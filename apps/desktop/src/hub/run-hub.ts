import { openDatabase } from '@soma/agent-core/adapter/data-folder';
import { documentsSchema, SqliteDocuments } from '@soma/agent-core/adapter/sqlite-documents';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { type ClosableHub, type HubPort, LocalHub, serveHub } from '@soma/agent-core/room';
import { FaultError, fault } from '@soma/schemas/event';
import { createFaultLog } from '../composition/fault-log.ts';
import { keepBackups } from '../composition/keep-backups.ts';
import type { HubGreeting, HubPlace } from './greeting.ts';

/** Opens the documents, which this process alone writes, and serves them at the port. */
export async function runHub(port: HubPort, place: HubPlace): Promise<HubGreeting> {
  try {
    const database = await openDatabase({
      ...place,
      schema: documentsSchema,
      clock: systemClock,
      whenLost: 'begin-anew',
    });
    const report = createFaultLog(place.folder, { clock: systemClock, ids: createIds(systemClock) });
    const endBackups = keepBackups(database, report);
    const rooms = new LocalHub({ store: new SqliteDocuments(database) });
    const hub: ClosableHub = {
      connect: (at, member) => rooms.connect(at, member),
      mutate: (request) => rooms.mutate(request),
      probe: (request) => rooms.probe(request),
      undoAll: (request) => rooms.undoAll(request),
      snapshot: (request) => rooms.snapshot(request),
      close: async () => {
        await rooms.close();
        await endBackups();
        database.close();
      },
    };
    serveHub(port, hub);
    const told = database.mended === null ? [] : [fault('DATABASE_DAMAGED', { ...database.mended })];
    return { type: 'ready', told };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return { type: 'failed', fault: error.fault };
  }
}
