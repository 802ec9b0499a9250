import {
  CHANGE_SET_TYPE,
  type ChangeSet,
  type Changes,
  type Content,
  type Fault,
  type FileChange,
  fault,
  type Json,
  type Note,
  type RunEvent,
  type TurnSpent,
} from '@soma/schemas/event';
import type { ProposedTool } from '../policy/index.ts';
import type { ToolResult } from '../port/index.ts';
import type { EngineParts } from './parts.ts';
import type { RunWriter } from './writer.ts';

export type Performed =
  /** `event`, and then what it `published`, still have to be committed, together with the step they complete. */
  | {
      readonly name: 'done';
      readonly output: Json;
      readonly result: Content;
      readonly note: Note;
      readonly event: RunEvent;
      readonly published: readonly RunEvent[];
    }
  | { readonly name: 'failed'; readonly fault: Fault; readonly events: readonly RunEvent[] }
  /** A person or the policy said no. It is recorded already, and nothing was done. */
  | { readonly name: 'refused'; readonly fault: Fault }
  | { readonly name: 'waiting' }
  /** It had its effect, and what came of it could not be kept: once that can be done, the attempt goes on where it stands. */
  | { readonly name: 'stalled'; readonly fault: Fault }
  /** The run was paused, stopped or lost meanwhile: nothing more may be recorded. */
  | { readonly name: 'aborted' };

export interface Performing {
  readonly parts: EngineParts;
  readonly writer: RunWriter;
  readonly signal: AbortSignal;
}

/** What a call answered. */
export interface Called {
  readonly result: ToolResult;
  readonly tookMs: number;
}

/** The fact that says what a call came to, with its output and what it changed stored; the event still has to be committed. */
export async function done(
  effect: ProposedTool,
  { result, tookMs }: Called,
  performing: Performing,
): Promise<Performed> {
  const { parts, writer } = performing;
  const { call, task, attempt } = effect;
  const failed = (problem: Fault, spent?: TurnSpent): Performed => {
    const event: RunEvent = {
      type: 'tool-call.failed',
      data: { call, task, attempt, fault: problem, tookMs, ...(spent !== undefined && { spent }) },
    };
    return { name: 'failed', fault: problem, events: [event] };
  };
  if (!result.ok) return failed(result.fault, result.spent);
  const text = JSON.stringify(result.output);
  const limit = effect.tool.describe().outputLimitBytes;
  if (text.length > limit)
    return failed(fault('TOOL_OUTPUT_TOO_LARGE', { tool: effect.name, limit }), result.spent);
  const stored = await parts.content.put(writer.state().scope, text, 'application/json');
  const files = result.changes?.files ?? [];
  const event: RunEvent = {
    type: 'tool-call.completed',
    data: {
      ...{ call, task, attempt, result: stored, note: result.note, tookMs },
      ...(files.length === 0 ? {} : { changes: await changesOf(files, performing) }),
      ...(result.spent !== undefined && { spent: result.spent }),
    },
  };
  const published = publishedBy(result, { task, attempt });
  return { name: 'done', output: result.output, result: stored, note: result.note, event, published };
}

/** The card a call put on the board itself. */
function publishedBy(
  { artifact }: Extract<ToolResult, { ok: true }>,
  at: { readonly task: string; readonly attempt: number },
): RunEvent[] {
  if (artifact === undefined) return [];
  const { id, ...shown } = artifact;
  return [{ type: 'artifact.published', data: { ...at, artifact: id, ...shown } }];
}

async function changesOf(files: ChangeSet['files'], { parts, writer }: Performing): Promise<Changes> {
  const set: ChangeSet = { files };
  const stored = await parts.content.put(writer.state().scope, JSON.stringify(set), CHANGE_SET_TYPE);
  return { set: stored, files: files.length, added: sum(files, 'added'), removed: sum(files, 'removed') };
}

function sum(files: readonly FileChange[], of: 'added' | 'removed'): number {
  return files.reduce((total, file) => total + file[of], 0);
}
