import { CANVAS_LIMITS, CanvasId, NoteText, ownNotePrefix } from '@soma/schemas/canvas';
import { FaultError, fault } from '@soma/schemas/event';
import { z } from 'zod';
import type { Hub, Tool, ToolContext } from '../../port/index.ts';
import { type BoardWork, boardTool } from './define.ts';

const NAME = 'canvas_write_note';

const Input = z.object({
  text: NoteText.min(1),
  /** Id of a note of this run that is to be written on; null for a new one. */
  note: CanvasId.nullable(),
  /** The whole text that the new text replaces, as it was last read; null to append. Of no meaning for a new note. */
  replaces: NoteText.nullable(),
  /** Id of the node a new note goes with, usually the run's own; null for any free place. */
  beside: CanvasId.nullable(),
});
type Input = z.infer<typeof Input>;

/** Makes a note or writes on one this run made; one a person has written in since is never replaced. */
export function writeNote(hub: Hub): Tool {
  return boardTool(hub, {
    name: NAME,
    description:
      'Makes a note on the canvas, or appends to or replaces the text of a note that this run made. Notes of people stay as they are.',
    input: Input,
    work: (input, context) =>
      input.note === null ? made(input, context) : written(hub, { ...input, note: input.note }, context),
  });
}

function made({ text, beside }: Input, { run, key }: ToolContext): BoardWork {
  // Derived from the key, so that the same call names the same note.
  const id = `${ownNotePrefix(run)}${key}`;
  return {
    mutations: [{ type: 'place-cards', beside, cards: [{ kind: 'note', id, text }] }],
    ids: [id],
    note: { code: 'note-written', data: { how: 'added' } },
  };
}

async function written(
  hub: Hub,
  { note: id, text, replaces }: Input & { readonly note: string },
  { scope, canvas: document, run, key }: ToolContext,
): Promise<BoardWork> {
  if (!id.startsWith(ownNotePrefix(run))) throw new FaultError('NOTE_NOT_OWN', { note: id });
  const how = replaces === null ? 'appended' : 'replaced';
  const done = { ids: [id], note: { code: 'note-written', data: { how } } };
  // What this very call wrote before is not held against it: the hub knows the key and applies nothing.
  if (await hub.probe({ scope, document, key })) {
    return { ...done, mutations: [{ type: 'set-text', id, text }] };
  }
  const { nodes } = await hub.snapshot({ scope, document });
  const there = nodes.find((node) => node.id === id);
  if (there?.kind !== 'note') throw new FaultError('TOOL_INPUT_INVALID', { tool: NAME, unknown: [id] });
  if (replaces !== null && replaces !== there.text) throw new FaultError('NOTE_CHANGED', { note: id });
  const wanted = replaces === null ? `${there.text}${text}` : text;
  if (wanted.length > CANVAS_LIMITS.text) {
    throw new FaultError('TOOL_INPUT_INVALID', { tool: NAME, path: 'text' });
  }
  return {
    ...done,
    mutations: [{ type: 'set-text', id, text: wanted, from: there.text }],
    // Somebody wrote between the look and the writing: reading again is enough for what is appended.
    stale: fault('NOTE_CHANGED', { note: id }, { when: replaces === null ? 'now' : 'never' }),
  };
}
