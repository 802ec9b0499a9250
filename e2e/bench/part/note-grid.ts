import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquire, openDatabase } from '@soma/agent-core/adapter/data-folder';
import { documentsSchema, SqliteDocuments } from '@soma/agent-core/adapter/sqlite-documents';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { dialSocketFile } from '@soma/agent-core/adapter/transport';
import { applyMutations, type CanvasMutation, fromJsonCanvas } from '@soma/schemas/canvas';
import { hostCalls } from '@soma/schemas/contract';
import { startServe } from '../../seat.ts';

/** A board of equal notes in rows, from the origin. Sizes in canvas units. */
export interface NoteGrid {
  readonly count: number;
  readonly columns: number;
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

export const CROWDED = 'Many notes';

/** Makes a data folder with a board of these notes, and an empty board, which is the one that opens by itself. */
export async function writeNoteGrid(data: string, grid: NoteGrid): Promise<void> {
  const { end } = await serving(data, async (socket) => {
    const pipe = await dialSocketFile(socket);
    try {
      const calls = hostCalls(pipe);
      for (const [id, title] of [
        ['crowded', CROWDED],
        ['empty', 'No notes'],
      ] as const) {
        const created = await calls.canvas.create({ id, title, folder: null });
        if (!created.ok) throw new Error(created.fault.code);
      }
    } finally {
      pipe.close();
    }
  });
  await end();
  await append(data, 'crowded', updateOf(grid));
}

/** The host without a window; its socket file is given to `use`, and `end` stops it. */
export async function serving(
  data: string,
  use: (socket: string) => Promise<void> = async () => undefined,
): Promise<{ address: string; end: () => Promise<void> }> {
  const { child, address } = await startServe(data);
  const end = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  };
  try {
    const told: unknown = JSON.parse(await readFile(join(data, 'host.json'), 'utf8'));
    await use(typeof told === 'object' && told !== null && 'socket' in told ? String(told.socket) : '');
  } catch (error) {
    await end();
    throw error;
  }
  return { address, end };
}

/** All notes as one update of the document. */
function updateOf({ count, columns, width, height, gap }: NoteGrid): Uint8Array {
  const mutations = Array.from({ length: count }, (_, index): CanvasMutation => {
    const x = (index % columns) * (width + gap);
    const y = Math.floor(index / columns) * (height + gap);
    const node = { id: `note-${index}`, kind: 'note' as const, x, y, width, height, text: `Note ${index}` };
    return { type: 'add-node', node };
  });
  const doc = fromJsonCanvas({ nodes: [], edges: [] });
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  applyMutations(doc, mutations);
  const [update] = updates;
  if (update === undefined || updates.length > 1) throw new Error('the notes are not one update');
  return update;
}

async function append(data: string, document: string, update: Uint8Array): Promise<void> {
  const owned = acquire(data);
  if (!owned.owned) throw new Error('another process owns the data folder');
  const database = await openDatabase({
    folder: data,
    schema: documentsSchema,
    clock: systemClock,
    exit: owned.exit,
    whenLost: 'refuse',
  });
  try {
    const scope = {
      tenant: 'local',
      workspace: 'local',
      actor: [{ kind: 'person' as const, id: 'bench' }],
      traceparent: createIds(systemClock).traceparent(),
      causation: null,
    };
    const origin = { author: 'bench', kind: 'edit' as const, key: null, group: 'notes' };
    await new SqliteDocuments(database).append(scope, document, { update, origin });
  } finally {
    database.close();
    owned.release();
  }
}
