import {
  CALL_PREVIEW_TYPE,
  CallPreview,
  type Content,
  type Fault,
  FaultError,
  fault,
  type Json,
  type ToolRisk,
} from '@soma/schemas/event';
import { agentOf, isUnclear, modelOfAttempt, offeredBy, type RunState } from '@soma/schemas/run';
import {
  type Authorized,
  type Previewed,
  type ProposedEffect,
  type ProposedTool,
  permit,
  type Reserving,
  type ToolEffect,
} from '../policy/index.ts';
import type { Probed, Tool, ToolContext, ToolResult } from '../port/index.ts';
import { type Called, done, type Performed, type Performing } from './outcome.ts';
import { SKIPPED } from './step-result.ts';
import { engineScope } from './writer.ts';

/** A call the engine is about to make for a task. */
export interface CallRequest {
  readonly call: string;
  readonly task: string;
  readonly attempt: number;
  readonly key: string;
  readonly tool: string;
  readonly input: Json;
  /** The call whose effect this one takes back. */
  readonly compensates?: string;
  /** The product itself shows with it what came of the task. */
  readonly shows?: true;
}

/** Takes a call from intention to outcome: recovers one of unknown outcome, asks the policy, performs, and bounds what came of it. */
export async function performCall(request: CallRequest, performing: Performing): Promise<Performed> {
  const { parts, writer, signal } = performing;
  const tool = parts.tools.get(request.tool) ?? null;
  if (tool?.describe().delegates === true) return inTurn(request, tool, performing);
  const wish = { tool: request.tool, parallel: tool?.describe().parallel ?? null, signal };
  const end = await parts.turns.take({ ...wish, priority: writer.state().priority });
  try {
    return await inTurn(request, tool, performing);
  } finally {
    end();
  }
}

async function inTurn(request: CallRequest, tool: Tool | null, performing: Performing): Promise<Performed> {
  const { parts, writer, signal } = performing;
  const content = await parts.content.put(
    writer.state().scope,
    canonicalJson(request.input),
    'application/json',
  );
  const effect: ProposedEffect = { ...request, name: request.tool, tool, arguments: content };
  const earlier = writer.state().calls[request.call];
  const begun = earlier !== undefined && isUnclear(earlier);
  if (begun && tool !== null) {
    const recovered = await recover({ ...effect, tool }, performing);
    if (recovered !== null) return recovered;
  }
  const state = writer.state();
  const permitted = await permit(effect, {
    policy: parts.policy,
    clock: parts.clock,
    ids: parts.ids,
    scope: engineScope(state),
    fence: writer.lease.fence,
    state,
    folder: parts.folderOf(state),
    permissions: parts.permissionsOf(state),
    preview: (proposed) => previewOf(proposed, performing),
    reserve: (shown) => reserve(shown, performing, request.call),
    record: (events) => writer.record(events, (now) => isStillDone(request, now)),
  });
  switch (permitted.name) {
    case 'refused':
      // What no tool can do was never a question of permission.
      return permitted.fault.code === 'POLICY_DENIED'
        ? permitted
        : { name: 'failed', fault: permitted.fault, events: [] };
    case 'waiting':
      return { name: 'waiting' };
    case 'over-budget':
      return { name: 'stalled', fault: permitted.fault };
    case 'unrecorded':
      return { name: 'aborted' };
    case 'authorized':
      return signal.aborted
        ? { name: 'aborted' }
        : perform(permitted.authorized, begun && tool?.describe().idempotency === 'idempotent', performing);
    default:
      return permitted satisfies never;
  }
}

/** Whether nobody left the task out meanwhile. What takes a call back is done for a task that is over. */
function isStillDone({ task: id, attempt, compensates }: CallRequest, { tasks }: RunState): boolean {
  if (compensates !== undefined) return true;
  const task = tasks.find((one) => one.id === id);
  return task?.attempt === attempt && (task.status.name === 'running' || task.status.name === 'waiting');
}

async function previewOf(effect: ProposedTool, performing: Performing): Promise<Previewed> {
  const { parts, writer } = performing;
  const made = await effect.tool.preview?.(effect.input, contextOf(effect, null, performing));
  if (made === undefined) return { ok: true, preview: null };
  if (!made.ok) return made;
  const text = JSON.stringify(made.preview);
  return { ok: true, preview: await parts.content.put(writer.state().scope, text, CALL_PREVIEW_TYPE) };
}

/** What costs nothing is not reckoned with. */
async function reserve(shown: Content | null, performing: Performing, call: string): Promise<Reserving> {
  const preview = await readPreview({ preview: shown }, performing);
  if (preview?.kind !== 'turn') return { ok: true, dollars: undefined, settle: () => undefined };
  const { scope, id: run } = performing.writer.state();
  return performing.parts.purse.reserve({ scope, run, call, dollars: preview.atMost });
}

/** How often a call of unknown outcome is made under its key where making it again is the same as making it once. */
const MOST_TRIES = 3;
/** The pause before the second of these, in milliseconds; it doubles. */
const PAUSE_MS = 250;

/**
 * Performs what the policy allowed. What a call with an effect came to may stay unknown: it took too long, or broke off. It is not taken for
 * undone then, since doing it anew under another key would be a second time. `again`: an earlier call under this key may have been made.
 */
async function perform(
  { effect }: Authorized<ToolEffect>,
  again: boolean,
  performing: Performing,
): Promise<Performed> {
  const { parts, signal } = performing;
  const started = parts.clock.monotonicMs();
  for (let tries = 1; ; tries += 1) {
    const { result, unclear } = await callTool(effect, performing);
    if (signal.aborted && signal.reason !== SKIPPED) return { name: 'aborted' };
    const tookMs = parts.clock.monotonicMs() - started;
    if (!hasEffect(effect.tool.describe().risk)) return record(effect, { result, tookMs }, performing);
    // That this call did nothing says nothing of those before it; what takes something back is tried again under the same key.
    if (!unclear) {
      const isLast = (again || tries > 1) && effect.compensates === undefined;
      const last = isLast ? final(result) : result;
      return record(effect, { result: last, tookMs }, performing);
    }
    const found = await look(effect, { result, tookMs }, performing);
    if (found !== null) return found;
    if (tries === MOST_TRIES) return record(effect, { result: final(result), tookMs }, performing);
    await parts.clock.sleep(PAUSE_MS * 2 ** (tries - 1), signal).catch(() => undefined);
    if (signal.aborted) return { name: 'aborted' };
  }
}

/** Whether what a call does stays done. */
export function hasEffect(risk: ToolRisk | undefined): boolean {
  return risk === 'board' || risk === 'write' || risk === 'execute';
}

function final(result: ToolResult): ToolResult {
  return result.ok ? result : { ok: false, fault: { ...result.fault, retry: { when: 'never' } } };
}

/** What an effect came to must not get lost on its way into the log: the attempt stands where it is until it can be recorded. */
async function record(effect: ToolEffect, call: Called, performing: Performing): Promise<Performed> {
  try {
    return await done(effect, call, performing);
  } catch (error) {
    if (performing.signal.aborted) return { name: 'aborted' };
    if (!hasEffect(effect.tool.describe().risk)) throw error;
    const cause = error instanceof Error ? error.name : 'unknown';
    return {
      name: 'stalled',
      fault: error instanceof FaultError ? error.fault : fault('INTERNAL', { cause }),
    };
  }
}

/** The outcome of a call that a probe found done: its effect is there, its answer was lost. */
const FOUND_DONE: ToolResult = { ok: true, output: { found: true }, note: { code: 'found-done', data: {} } };

/** An attempt started and never ended: run again under the same key, look whether it happened, or leave it to a person. */
async function recover(effect: ProposedTool, performing: Performing): Promise<Performed | null> {
  return look({ ...effect, preview: null }, null, performing);
}

/**
 * Looks what a call of unknown outcome came to. Null when it may be made again under its key. `undone` is what it failed with, if it turns
 * out not to have happened.
 */
async function look(
  effect: ToolEffect,
  undone: Called | null,
  performing: Performing,
): Promise<Performed | null> {
  const { idempotency } = effect.tool.describe();
  if (idempotency === 'idempotent') return null;
  const probed = idempotency === 'checkable' ? await probe(effect, performing) : 'unknown';
  if (performing.signal.aborted) return { name: 'aborted' };
  if (typeof probed === 'object') return record(effect, { result: probed.result, tookMs: 0 }, performing);
  switch (probed) {
    case 'not-happened':
      return undone === null ? null : record(effect, undone, performing);
    case 'happened':
      return record(effect, { result: FOUND_DONE, tookMs: undone?.tookMs ?? 0 }, performing);
    case 'unknown':
      return { name: 'failed', fault: fault('TOOL_OUTCOME_UNKNOWN', { tool: effect.name }), events: [] };
    default:
      return probed satisfies never;
  }
}

/** Who cannot look does not know. */
async function probe(effect: ToolEffect, performing: Performing): Promise<Probed> {
  try {
    return await effect.tool.probe(effect.key, contextOf(effect, null, performing));
  } catch {
    return 'unknown';
  }
}

interface Answered {
  readonly result: ToolResult;
  /** Nobody said what came of it. */
  readonly unclear: boolean;
}

/** How long, in milliseconds, a call that a person stopped may take to say what it took. */
const LAST_WORDS_MS = 1000;

/** One call, within the tool's own time. */
async function callTool(effect: ToolEffect, performing: Performing): Promise<Answered> {
  const { parts, signal } = performing;
  const { timeoutMs: limitMs } = effect.tool.describe();
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  const failed = (problem: Fault): Answered => ({ result: { ok: false, fault: problem }, unclear: true });
  const late = parts.clock.sleep(limitMs, stop.signal).then(
    () => failed(fault('TOOL_TIMEOUT', { tool: effect.name, limitMs }, { when: 'now' })),
    async () => {
      // What it took so far, it may still say.
      if (signal.reason === SKIPPED) await parts.clock.sleep(LAST_WORDS_MS, new AbortController().signal);
      return failed(fault('TOOL_FAILED', { tool: effect.name }));
    },
  );
  try {
    return await Promise.race([answerOf(effect, { ...performing, signal: stop.signal }), late]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop.abort();
  }
}

/** A tool that throws has failed; its message may quote anything it read, so only its name is kept. A fault that trying again may mend says nothing of the call. */
async function answerOf(effect: ToolEffect, performing: Performing): Promise<Answered> {
  try {
    const preview = await readPreview(effect, performing);
    return {
      result: await effect.tool.call(effect.input, contextOf(effect, preview, performing)),
      unclear: false,
    };
  } catch (error) {
    if (error instanceof FaultError)
      return { result: { ok: false, fault: error.fault }, unclear: error.fault.retry.when !== 'never' };
    const cause = error instanceof Error ? error.name : 'unknown';
    return {
      result: { ok: false, fault: fault('TOOL_FAILED', { tool: effect.name, cause }) },
      unclear: true,
    };
  }
}

/** What was shown and decided about is what is done. */
export async function readPreview(
  { preview }: Pick<ToolEffect, 'preview'>,
  { parts, writer }: Performing,
): Promise<CallPreview | null> {
  if (preview === null) return null;
  const text = await parts.content.get(writer.state().scope, preview);
  if (text === null) throw new FaultError('CONTENT_GONE', { hash: preview.hash });
  return CallPreview.parse(JSON.parse(text));
}

export function contextOf(
  effect: Pick<ProposedTool, 'call' | 'task' | 'key'>,
  preview: CallPreview | null,
  performing: Performing,
): ToolContext {
  const { parts, writer, signal } = performing;
  const state = writer.state();
  const { call, task, key } = effect;
  const agent = agentOf(state, task);
  const offered = offeredBy(state, task);
  return {
    ...(agent !== null && { agent }),
    ...(offered.length > 0 && { offered }),
    scope: engineScope(state),
    run: state.id,
    task,
    call,
    folder: parts.folderOf(state),
    canvas: state.canvas,
    key,
    preview,
    signal,
    model: modelOfAttempt(state, task),
    progress: (progress) => parts.onDelta({ type: 'tool-progress', run: state.id, task, call, progress }),
    say: (delta) => parts.onDelta({ type: 'turn', run: state.id, task, call, delta }),
  };
}

/** JSON with its keys in code-point order and no white space: the same value always gives the same text, and so the same hash. */
function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}
