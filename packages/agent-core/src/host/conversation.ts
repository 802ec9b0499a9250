import type { Recording } from '@soma/schemas/contract';
import {
  type ApproveMode,
  type Content,
  FaultError,
  fault,
  type Json,
  type Note,
  runStream,
} from '@soma/schemas/event';
import type { PackagedPlan, TaskTemplate } from '@soma/schemas/plan';
import { type MessageState, type RunState, replyTo, type TaskState } from '@soma/schemas/run';
import { z } from 'zod';
import { NOTHING_KNOWN, routeOf } from '../domain/route.ts';
import { type CommandMeta, type Engine, plannedTask } from '../engine/index.ts';
import type { ContentStore, ToolContext } from '../port/index.ts';
import type { About, Remembered } from '../turn/index.ts';
import { refused } from './answers.ts';
import type { HostParts } from './parts.ts';
import type { HostPlanner } from './planner.ts';
import { loadRun } from './run-news.ts';
import type { Shelf } from './shelf.ts';
import type { Workspace } from './workspace.ts';

/** The plan of a run that replies, and its task that is the pattern of a reply within a run. */
const FOLLOW_UP = 'follow-up';
const REPLY = 'reply';
/** How often a reply is laid into a plan that changes meanwhile. */
const MOST_TRIES = 5;
/** Runs that follow each other whose words are known to the last of them. */
const MOST_FOLLOWED = 20;

export interface ConversationParts {
  readonly host: HostParts;
  readonly engine: Engine;
  readonly planner: HostPlanner;
  readonly shelf: Shelf;
  readonly workspace: Workspace;
}

export interface Saying {
  readonly run: string;
  readonly text: string;
  /** What the run that answers does about calls the policy asks about, where it is another one. */
  readonly approve?: ApproveMode | undefined;
  readonly meta: CommandMeta;
}

/** Says something to a run: one at work answers within itself, and after its end a run of its own does. */
export async function sayToRun(
  parts: ConversationParts,
  { run, text, approve = 'ask', meta }: Saying,
): Promise<Recording> {
  const { host } = parts;
  const words = text.trim();
  if (words === '') return refused(fault('GOAL_EMPTY'));
  const routed = routeOf({ kind: 'reply', agent: null }, host.chat?.list(meta.scope) ?? [], NOTHING_KNOWN);
  if (routed.name === 'none') return refused(routed.fault);
  const content = await host.content.put(meta.scope, words, 'text/plain');
  for (let tries = 1; ; tries += 1) {
    const state = await loadRun(host, meta.scope, run);
    if (state === null) return refused(fault('RUN_UNKNOWN', { run }));
    const known = state.messages.find(({ id }) => id === meta.id);
    if (known !== undefined) return { ok: true, stream: runStream(run), sequence: known.sequence };
    if (state.status.name === 'ended') return follow(parts, { state, content, approve, meta });
    const recorded = await sayWithin(parts, { state, content, meta });
    // The plan went on, or the run came to its end, between the look at it and its turn.
    const isLate = !recorded.ok && ['PLAN_CHANGED', 'RUN_ENDED'].includes(recorded.fault.code);
    if (!isLate || tries === MOST_TRIES) return recorded;
  }
}

interface Said {
  readonly state: RunState;
  readonly content: Content;
  readonly meta: CommandMeta;
}

/** The words become the goal of a run of its own, which knows what the ended one found. */
function follow(
  { engine, workspace }: ConversationParts,
  { state, content, approve, meta }: Said & { readonly approve: ApproveMode },
): Promise<Recording> {
  const goal = {
    ...{ run: meta.id, goal: content, canvas: state.canvas, plan: FOLLOW_UP, slots: { run: state.id } },
    folder: { id: state.folder.id, path: workspace.pathOf(state.folder) },
    follows: state.id,
    // What a person allowed in advance was for the run that ended.
    approve,
  };
  return engine.submit(goal, meta);
}

/** The words and the task that answers them, recorded together. */
async function sayWithin(
  { host, engine, planner, shelf }: ConversationParts,
  { state, content, meta }: Said,
): Promise<Recording> {
  const { plan: followed } = state;
  if (followed?.approved !== true)
    return refused(fault('RUN_NOT_PLANNED', { run: state.id }, { when: 'now' }));
  const source = await host.content.get(state.scope, followed.source);
  if (source === null) return refused(fault('CONTENT_GONE', { hash: followed.source.hash }));
  const read = await planner.read(source);
  if (!read.ok) return read;
  const pattern = shelf.plans().find(({ plan }) => plan.name === FOLLOW_UP)?.plan;
  const template = pattern === undefined ? null : replyTask(pattern, { plan: read.plan, state, meta });
  if (pattern === undefined || template === null) return refused(fault('PLAN_UNKNOWN', { plan: FOLLOW_UP }));
  // A person asks for it, so that it may do what any reply may: what changes something is decided about as any call is.
  const extended = await planner.extend({ ...read.plan, rights: pattern.rights }, [template]);
  if (!extended.ok) return extended;
  const stored = await host.content.put(state.scope, extended.source, 'application/yaml');
  const { name, version } = extended.plan;
  const note: Note = { code: 'person-says', data: {} };
  const recorded = await engine.command(
    state.id,
    {
      type: 'say',
      planHash: followed.source.hash,
      message: { message: meta.id, text: content, task: template.id },
      revision: {
        ...{ task: null, attempt: null, note, source: stored, plan: { name, version, hash: extended.hash } },
        ...{ dropped: [], added: [plannedTask(template)], changed: [], weakened: [] },
        withdrawn: { claims: 0, checked: 0 },
      },
    },
    meta,
  );
  const now = recorded.ok ? await loadRun(host, meta.scope, state.id) : null;
  // Where it cannot be placed, it is answered all the same.
  if (now !== null) await host.board.placeRun(now).catch(() => undefined);
  return recorded;
}

interface Replying {
  readonly plan: PackagedPlan;
  readonly state: RunState;
  readonly meta: CommandMeta;
}

/** It waits for nothing and nothing waits for it; that it fails fails nothing else. It draws no card: what was said stands beside the board. */
function replyTask(pattern: PackagedPlan, { plan, state, meta }: Replying): TaskTemplate | null {
  const found = pattern.tasks.find(({ id }) => id === REPLY);
  if (found === undefined) return null;
  const { artifact: _, ...reply } = found;
  const taken = new Set([...plan.tasks, ...state.tasks].map(({ id }) => id));
  let id = REPLY;
  for (let number = 2; taken.has(id); number += 1) id = `${REPLY}-${number}`;
  return {
    ...reply,
    ...{ id, after: [], optional: true },
    arguments: { kind: 'reply', goal: '=goal', about: { message: meta.id } },
  };
}

/** Reads what belongs to a reply: what the run was to do and found, and what was said before. */
export function createRemember(host: HostParts) {
  return async (about: About, { scope, run, task }: ToolContext): Promise<Remembered> => {
    const own = 'message' in about;
    const id = own ? run : about.run;
    const state = await loadRun(host, scope, id);
    if (state === null) throw new FaultError('RUN_UNKNOWN', { run: id });
    const message = own ? state.messages.find((one) => one.id === about.message) : null;
    if (message === undefined)
      throw new FaultError('TOOL_INPUT_INVALID', { tool: 'ask_model', path: 'about.message' });
    const runs = await followed(host, state);
    const [first = state] = runs;
    const results: Record<string, Json> = {};
    for (const one of runs) Object.assign(results, await resultsOf(host.content, one, task));
    const said = await Promise.all(runs.map((one) => saidIn(host.content, one, message)));
    return {
      goal: await textOf(host.content, first, first.goal),
      results,
      before: said.flat(),
      message: message === null ? null : await textOf(host.content, state, message.text),
    };
  };
}

/** The run and those that it follows, the first of them first. */
async function followed(host: HostParts, state: RunState): Promise<readonly RunState[]> {
  const runs = [state];
  for (let [first] = runs; first?.follows != null && runs.length < MOST_FOLLOWED; [first] = runs) {
    const before = await loadRun(host, state.scope, first.follows);
    if (before === null) break;
    runs.unshift(before);
  }
  return runs;
}

/** What was said in a run, with its replies; before `until`, where that is one of its messages. */
async function saidIn(
  content: ContentStore,
  state: RunState,
  until: MessageState | null,
): Promise<Remembered['before']> {
  const end = state.messages.findIndex(({ id }) => id === until?.id);
  const own = state.follows === null ? [] : [{ text: state.goal, task: REPLY }];
  const messages = [...own, ...(end === -1 ? state.messages : state.messages.slice(0, end))];
  return Promise.all(
    messages.map(async ({ text, task }) => ({
      message: await textOf(content, state, text),
      reply: await replyOf(content, state, task),
    })),
  );
}

const Spoken = z.looseObject({ kind: z.literal('reply'), reply: z.string() });

async function replyOf(content: ContentStore, state: RunState, task: string): Promise<string | null> {
  const output = outputOf(replyTo(state, task));
  if (output === null) return null;
  const text = await content.get(state.scope, output);
  return text === null ? null : (Spoken.safeParse(JSON.parse(text)).data?.reply ?? null);
}

const Words = z.looseObject({ kind: z.enum(['plan', 'reply']) });

/** What its tasks found, by their ids; plans and replies are no findings, nor is what `task` itself had found. */
async function resultsOf(
  content: ContentStore,
  state: RunState,
  task: string,
): Promise<Record<string, Json>> {
  const results: Record<string, Json> = {};
  for (const one of state.tasks) {
    const output = one.status.name === 'dropped' || one.id === task ? null : outputOf(one);
    const text = output === null ? null : await content.get(state.scope, output);
    if (text === null) continue;
    const value = z.json().parse(JSON.parse(text));
    if (!Words.safeParse(value).success) results[one.id] = value;
  }
  return results;
}

function outputOf(task: TaskState | undefined): Content | null {
  const execute = task?.steps.execute;
  return execute?.status === 'done' ? execute.output : null;
}

async function textOf(content: ContentStore, { scope }: RunState, stored: Content): Promise<string> {
  const text = await content.get(scope, stored);
  if (text === null) throw new FaultError('CONTENT_GONE', { hash: stored.hash });
  return text;
}
