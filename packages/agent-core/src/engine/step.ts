import {
  type Artifact,
  type CheckedClaim,
  Claim,
  type Content,
  type Fault,
  FaultError,
  fault,
  type Json,
  type RunEvent,
  type StepName,
} from '@soma/schemas/event';
import { agentRefuses } from '@soma/schemas/run';
import { z } from 'zod';
import { contextOf } from './memo.ts';
import type { Performed } from './outcome.ts';
import { performCall } from './perform.ts';
import { Recalled, type Recalling, recall, remember } from './recall.ts';
import { reflectStep } from './reflect.ts';
import { toolSelectStep } from './route.ts';
import {
  type Attempt,
  completed,
  failed,
  overAs,
  put,
  type StepResult,
  skipped,
  taskOf,
} from './step-result.ts';

type Step = (attempt: Attempt) => Promise<StepResult>;

/** The tool that puts a verified task's artifact on the run's canvas. */
const CARD_TOOL = 'canvas_add_cards';

/** The eight states. Each only says what came of it; committing is the attempt's. */
export const steps: Record<StepName, Step> = {
  plan: guarded(planStep),
  recall: guarded(recallStep),
  'tool-select': guarded(toolSelectStep),
  execute: guarded(executeStep),
  observe: guarded(observeStep),
  reflect: guarded(reflectStep),
  verify: guarded(verifyStep),
  commit: guarded(commitStep),
};

async function planStep(attempt: Attempt): Promise<StepResult> {
  const state = attempt.writer.state();
  const context = await contextOf(attempt.memo, state, taskOf(attempt));
  const needed = await attempt.parts.planner.needed(attempt.template, context);
  if (!needed.ok) return failed(needed.fault);
  if (!needed.value)
    return { ...skipped({ code: 'not-asked-for', data: {} }), after: [overAs(attempt, 'unneeded')] };
  const { edited } = taskOf(attempt);
  if (edited !== null)
    return completed({ code: 'arguments-edited', data: { tool: attempt.template.tool } }, edited);
  const evaluated = await attempt.parts.planner.arguments(attempt.template, context);
  if (!evaluated.ok) return failed(evaluated.fault);
  const output = await put(attempt, evaluated.value);
  return completed({ code: 'arguments-ready', data: { tool: attempt.template.tool } }, output);
}

async function recallStep(attempt: Attempt): Promise<StepResult> {
  const found = await recall(recallingOf(attempt));
  if (attempt.signal.aborted) return { name: 'aborted' };
  if (found.name === 'nothing') return { name: 'skipped', note: found.why, after: [] };
  const { run, same, holds, changed, tookMs } = found.recalled;
  const output = await put(attempt, z.json().parse(found.recalled));
  const data = { run, holds, count: holds + changed.length, files: changed.slice(0, 3), tookMs };
  return completed({ code: same ? 'recalled-same' : 'recalled-changed', data }, output);
}

/** What Recall left, if the result it found is what the call would give now. */
async function reusable(attempt: Attempt): Promise<Recalled | null> {
  const { id, tool, steps } = taskOf(attempt);
  const { recall } = steps;
  // What its agent may not call, it is not told either: the call is made, and denied.
  if (agentRefuses(attempt.writer.state(), id, tool) !== null) return null;
  if (recall.status !== 'done' || recall.output === null) return null;
  const recalled = Recalled.parse(await attempt.memo.json(attempt.writer.state(), recall.output));
  return recalled.same ? recalled : null;
}

async function executeStep(attempt: Attempt): Promise<StepResult> {
  const task = taskOf(attempt);
  const recalled = await reusable(attempt);
  if (recalled !== null) {
    const { run, result, tookMs } = recalled;
    return completed({ code: 'result-reused', data: { run, tookMs } }, result);
  }
  const input = await outputOf(attempt, 'plan');
  const performed = await performCall({ ...callOf(attempt, 'execute'), tool: task.tool, input }, attempt);
  if (performed.name === 'refused' && attempt.template.refusable)
    return skipped({ code: 'call-refused', data: {} });
  if (performed.name !== 'done') return notDone(performed);
  attempt.memo.keep(performed.result, performed.output);
  return completed(performed.note, performed.result, [performed.event, ...performed.published]);
}

async function observeStep(attempt: Attempt): Promise<StepResult> {
  // What a person said no to has no result to claim anything of.
  const isDone = taskOf(attempt).steps.execute.status === 'done';
  if (attempt.template.claims.length === 0 || !isDone) return skipped({ code: 'claims-nothing', data: {} });
  const context = await contextOf(attempt.memo, attempt.writer.state(), taskOf(attempt));
  const claims = await attempt.parts.planner.claims(attempt.template, context);
  if (!claims.ok) return failed(claims.fault);
  if (claims.value.length === 0) return skipped({ code: 'claims-nothing', data: {} });
  const output = await put(attempt, z.json().parse(claims.value));
  return completed({ code: 'claims-made', data: { count: claims.value.length } }, output);
}

async function verifyStep(attempt: Attempt): Promise<StepResult> {
  const { observe } = taskOf(attempt).steps;
  if (observe.status !== 'done') return skipped({ code: 'nothing-to-check', data: {} });
  const claims = z.array(Claim).parse(await outputOf(attempt, 'observe'));
  const state = attempt.writer.state();
  const where = { folder: attempt.parts.folderOf(state), run: state.id, signal: attempt.signal };
  const checked = await attempt.parts.verifier.verify(claims, where);
  if (attempt.signal.aborted) return { name: 'aborted' };
  return judged(attempt, checked);
}

/** Only when every claim holds does the attempt go on to Commit. */
function judged(attempt: Attempt, checked: readonly CheckedClaim[]): StepResult {
  const { id: task, attempt: number } = taskOf(attempt);
  const at = { task, attempt: number };
  const passed = checked.filter(({ verdict }) => verdict.checked).length;
  // The folder changed while its old result was taken for new: the next attempt makes the call.
  if (passed < checked.length && isReused(attempt)) return failed(fault('RECALL_STALE', {}, { when: 'now' }));
  const evidence: RunEvent = { type: 'evidence.recorded', data: { ...at, claims: [...checked] } };
  const data = { passed, count: checked.length };
  if (passed === checked.length) return completed({ code: 'claims-checked', data }, null, [evidence]);
  const over = overAs(attempt, 'unverified');
  return { ...completed({ code: 'claims-not-proven', data }, null, [evidence]), after: [over] };
}

async function commitStep(attempt: Attempt): Promise<StepResult> {
  const over = overAs(attempt, taskOf(attempt).evidence.length > 0 ? 'verified' : 'empty');
  const published = await publish(attempt);
  if (published.name !== 'completed' && published.name !== 'skipped') return published;
  const kept = isReused(attempt) ? null : await remember(recallingOf(attempt));
  if (kept === null) return { ...published, after: [over] };
  const { note, output, before } =
    published.name === 'completed'
      ? published
      : completed({ code: 'remembered', data: { count: taskOf(attempt).evidence.length } }, null);
  return { ...completed(note, output, [...before, kept]), after: [over] };
}

async function publish(attempt: Attempt): Promise<StepResult> {
  const task = taskOf(attempt);
  const at = { task: task.id, attempt: task.attempt };
  const context = await contextOf(attempt.memo, attempt.writer.state(), task);
  const parts = await attempt.parts.planner.artifact(attempt.template, context);
  if (!parts.ok) return failed(parts.fault);
  const artifact = parts.value === null ? null : artifactOf(attempt, parts.value);
  if (artifact === null || isBlank(artifact)) return skipped({ code: 'nothing-to-publish', data: {} });
  const content = await put(attempt, z.json().parse(artifact));
  const node = `artifact-${artifact.id}`;
  const performed = await performCall(
    { ...callOf(attempt, 'commit'), tool: CARD_TOOL, input: card(attempt, artifact, content), shows: true },
    attempt,
  );
  if (performed.name !== 'done') return notDone(performed);
  const { id, title, icon } = artifact;
  const published: RunEvent = {
    type: 'artifact.published',
    data: { ...at, artifact: id, title, icon, node, content },
  };
  return completed({ code: 'card-published', data: { title } }, content, [performed.event, published]);
}

/** Whether this attempt took a remembered result in the place of a call. */
function isReused(attempt: Attempt): boolean {
  const { execute } = taskOf(attempt).steps;
  return execute.status === 'done' && execute.note.code === 'result-reused';
}

function recallingOf(attempt: Attempt): Recalling {
  const { parts, memo, signal, writer } = attempt;
  const task = taskOf(attempt);
  const { plan } = task.steps;
  if (plan.status !== 'done' || plan.output === null) throw new FaultError('INTERNAL', { step: 'plan' });
  return { parts, memo, signal, state: writer.state(), task, arguments: plan.output };
}

function artifactOf(attempt: Attempt, parts: Omit<Artifact, 'id' | 'claims'>): Artifact {
  const task = taskOf(attempt);
  return {
    ...parts,
    id: `${attempt.writer.state().id}-${task.id}`,
    claims: task.evidence.map(({ claim }) => claim.id),
  };
}

function isBlank(artifact: Artifact): boolean {
  const { claims, lines, graph, chart, offers } = artifact;
  const rows = claims.length + lines.length + offers.length;
  return rows === 0 && graph === null && chart === null;
}

/** Characters of a sentence that stand in one line of a card, beside where it was read. */
const LINE_CHARACTERS = 34;

/** Lines that a sentence takes in a card that shows it whole. */
function linesOf(text: string): number {
  return Math.max(1, Math.ceil(text.length / LINE_CHARACTERS));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function card(attempt: Attempt, artifact: Artifact, content: Content): Json {
  const run = attempt.writer.state().id;
  const { title, icon, claims, lines, offers } = artifact;
  // An offer is a button with its plan below it, as high as two lines; a rule and its room stand above the first.
  const texts = [
    ...taskOf(attempt).evidence.map(({ claim }) => claim.text),
    ...lines.map(({ text }) => text),
  ];
  const written = artifact.prose === true ? sum(texts.map(linesOf)) : claims.length + lines.length;
  const rows = written + (offers.length === 0 ? 0 : 1 + 2 * offers.length);
  const graph = artifact.graph === null ? null : { nodes: artifact.graph.nodes.length };
  const chart = artifact.chart === null ? null : { bars: artifact.chart.bars.length };
  const ref = { run, task: attempt.task, artifact: artifact.id, content: content.hash };
  return {
    beside: attempt.parts.board.runNode(run),
    cards: [{ id: `artifact-${artifact.id}`, kind: 'artifact', title, icon, ...ref, rows, graph, chart }],
  };
}

function callOf(attempt: Attempt, step: 'execute' | 'commit') {
  const task = taskOf(attempt);
  const call = `${attempt.writer.state().id}.${task.id}.${task.attempt}.${step}`;
  return { call, task: task.id, attempt: task.attempt, key: `${task.key ?? call}.${step}` };
}

/** What an earlier state of this attempt left behind. */
async function outputOf(attempt: Attempt, step: 'plan' | 'observe'): Promise<Json> {
  const state = taskOf(attempt).steps[step];
  if (state.status !== 'done' || state.output === null) throw new FaultError('INTERNAL', { step });
  return attempt.memo.json(attempt.writer.state(), state.output);
}

function notDone(performed: Exclude<Performed, { name: 'done' }>): StepResult {
  return performed.name === 'refused' ? failed(performed.fault) : performed;
}

/** Turns what a state throws into the failure of its attempt; an abort is no failure. */
function guarded(step: Step): Step {
  return async (attempt) => {
    try {
      return await step(attempt);
    } catch (error) {
      if (attempt.signal.aborted) return { name: 'aborted' };
      return failed(error instanceof FaultError ? error.fault : internalFault(error));
    }
  };
}

/** What the code outside a step's own rules throws is a fault of the product, recorded without its message. */
export function internalFault(error: unknown): Fault {
  return fault('INTERNAL', { cause: error instanceof Error ? error.name : 'unknown' });
}
