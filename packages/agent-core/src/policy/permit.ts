import {
  type ApproveMode,
  type Content,
  type Fault,
  fault,
  type Json,
  type Permission,
  type RunEvent,
  type Scope,
} from '@soma/schemas/event';
import { type ApprovalState, agentOf, agentRefuses, modelOfAttempt, type RunState } from '@soma/schemas/run';
import type { Action, Clock, Fence, Ids, Policy, PolicyDecision, Tool } from '../port/index.ts';
import { type Authorized, authorize } from './authorized.ts';

/** One use of a tool, not yet performed. `arguments` is the content whose hash everything is bound to. */
export interface ToolEffect {
  readonly call: string;
  readonly task: string;
  readonly attempt: number;
  readonly key: string;
  readonly name: string;
  readonly tool: Tool;
  readonly input: Json;
  readonly arguments: Content;
  /** The call whose effect this one takes back. */
  readonly compensates?: string;
  /** The product itself makes it, to show what came of a task: it is no use of a tool by the task's agent. */
  readonly shows?: true;
  /** A `CallPreview` as JSON: what is to be done, exactly. Null where the tool cannot say. */
  readonly preview: Content | null;
}

/** The same before it was decided about. */
export type ProposedTool = Omit<ToolEffect, 'preview'>;

/** The same before anyone knows whether such a tool exists. */
export type ProposedEffect = Omit<ProposedTool, 'tool'> & { readonly tool: Tool | null };

export type Permit =
  | { readonly name: 'authorized'; readonly authorized: Authorized<ToolEffect> }
  | { readonly name: 'waiting' }
  | { readonly name: 'refused'; readonly fault: Fault }
  /** It would cost more than may be spent: nothing was decided. */
  | { readonly name: 'over-budget'; readonly fault: Fault }
  /** The decision could not be recorded, so nothing was decided. */
  | { readonly name: 'unrecorded' };

export interface PermitParts {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly scope: Scope;
  readonly fence: Fence;
  readonly state: RunState;
  /** Absolute path of the run's folder as it is now. */
  readonly folder: string;
  /** What people allowed for the run's folder and have not revoked, none of it past its date. */
  readonly permissions: readonly Permission[];
  /** What the call will do, stored; nothing where its tool cannot say. */
  readonly preview: (effect: ProposedTool) => Promise<Previewed>;
  /** Keeps back what the call may cost, so that nothing else spends it meanwhile. */
  readonly reserve: (preview: Content | null) => Promise<Reserving>;
  /** Commits the events, or answers false when the run no longer accepts any. */
  readonly record: (events: readonly RunEvent[]) => Promise<boolean>;
}

/** `dollars` is undefined for what costs nothing, null where nobody knows the price. `settle` is called once it is on record, or will not be. */
export type Reserving =
  | { readonly ok: true; readonly dollars: number | null | undefined; readonly settle: () => void }
  | { readonly ok: false; readonly fault: Fault };

export type Previewed =
  | { readonly ok: true; readonly preview: Content | null }
  | { readonly ok: false; readonly fault: Fault };

const NO_PREVIEW: Previewed = { ok: true, preview: null };

/** What a call does is fixed the first time it is decided about: whoever answers later, and whoever goes on after a crash, means that. */
async function previewOf(effect: ProposedEffect, { state, preview }: PermitParts): Promise<Previewed> {
  const { tool } = effect;
  if (tool === null) return NO_PREVIEW;
  const earlier = state.calls[effect.call];
  const known = earlier?.arguments.hash === effect.arguments.hash ? earlier.preview : undefined;
  return known === undefined ? preview({ ...effect, tool }) : { ok: true, preview: known };
}

/** Longest time, in milliseconds, a policy may take; after that the verdict is deny. */
const POLICY_LIMIT_MS = 1000;

/**
 * The only way to an `Authorized` effect. Asks the policy, commits the decision, and mints; after *ask* it mints only from a
 * committed approval of the same argument hash, and only when the policy, asked again, does not deny.
 */
export async function permit(effect: ProposedEffect, parts: PermitParts): Promise<Permit> {
  const started = parts.clock.monotonicMs();
  const decision = await evaluate(effect, parts);
  const tookMs = parts.clock.monotonicMs() - started;
  const approval = approvalOf(effect, parts.state);
  if (approval?.answer?.answer === 'rejected') return refused(decision.rule, effect, parts.state);
  const allowedBy = decision.verdict === 'ask' ? allowedAlready(effect, approval, parts) : null;
  const verdict = allowedBy === null ? decision.verdict : 'allow';
  const id = parts.ids.next();
  const previewed: Previewed = verdict === 'deny' ? NO_PREVIEW : await previewOf(effect, parts);
  const preview = previewed.ok ? previewed.preview : null;
  const decided: Asked['decided'] = {
    type: 'tool-call.decided',
    data: {
      call: effect.call,
      task: effect.task,
      attempt: effect.attempt,
      tool: effect.name,
      decision: id,
      arguments: effect.arguments,
      verdict,
      rule: allowedBy ?? decision.rule,
      policyHash: decision.policyHash,
      tookMs,
      ...(effect.tool === null ? {} : { risk: effect.tool.describe().risk }),
      ...(preview === null ? {} : { preview }),
      ...(effect.compensates === undefined ? {} : { compensates: effect.compensates }),
    },
  };
  if (!previewed.ok) return cannotHappen(effect, { decided, problem: previewed.fault }, parts);
  const made: Made = { decision, id, preview };
  switch (verdict) {
    case 'deny':
      return (await parts.record([decided]))
        ? refused(decision.rule, effect, parts.state)
        : { name: 'unrecorded' };
    case 'allow':
      return begin(effect, { ...made, decided, before: [] }, parts);
    case 'ask':
      return ask(effect, { ...made, decided, mode: parts.state.approve }, parts);
    default:
      return verdict satisfies never;
  }
}

/** A decision under the id it was recorded with, and what it was made about. */
interface Made {
  readonly decision: PolicyDecision;
  readonly id: string;
  readonly preview: Content | null;
}

interface Asked extends Made {
  readonly decided: Extract<RunEvent, { type: 'tool-call.decided' }>;
  readonly mode: ApproveMode;
}

async function ask(effect: ProposedEffect, asked: Asked, parts: PermitParts): Promise<Permit> {
  const { call, task, attempt, name: tool } = effect;
  const approval = `${call}.approval`;
  const rule = asked.decision.rule;
  const requested: RunEvent = {
    type: 'approval.requested',
    data: { approval, call, task, attempt, tool, arguments: effect.arguments, rule },
  };
  const answered = (answer: 'approved' | 'rejected'): RunEvent => ({
    type: 'approval.answered',
    data: { approval, answer, argumentsHash: effect.arguments.hash, scope: 'once', by: 'flag' },
  });
  switch (asked.mode) {
    case 'ask':
      return (await parts.record([asked.decided, requested])) ? { name: 'waiting' } : { name: 'unrecorded' };
    case 'never': {
      const recorded = await parts.record([asked.decided, requested, answered('rejected')]);
      return recorded ? refused(rule, effect, parts.state) : { name: 'unrecorded' };
    }
    case 'all': {
      const id = parts.ids.next();
      const before = [asked.decided, requested, answered('approved')];
      const data = { ...asked.decided.data, verdict: 'allow', rule: 'approved-once', decision: id } as const;
      return begin(effect, { ...asked, id, decided: { ...asked.decided, data }, before }, parts);
    }
    default:
      return asked.mode satisfies never;
  }
}

interface Beginning extends Made {
  readonly decided: Asked['decided'];
  /** What has to be on record before. */
  readonly before: readonly RunEvent[];
}

/** From here on it may have begun, and its money is kept back: whoever goes on after a crash has to look. */
async function begin(effect: ProposedEffect, beginning: Beginning, parts: PermitParts): Promise<Permit> {
  const { decided, before, preview } = beginning;
  const held = await parts.reserve(preview);
  if (!held.ok) return { name: 'over-budget', fault: held.fault };
  const { dollars: reserved } = held;
  const data = { ...decided.data, ...(reserved !== undefined && { reserved }) };
  try {
    const recorded = await parts.record([...before, { ...decided, data }]);
    return recorded ? mint(effect, beginning, parts) : { name: 'unrecorded' };
  } finally {
    held.settle();
  }
}

/** What cannot happen is not asked about: the call has failed before anyone could allow it. */
async function cannotHappen(
  { call, task, attempt }: ProposedEffect,
  { decided, problem }: { readonly decided: RunEvent; readonly problem: Fault },
  parts: PermitParts,
): Promise<Permit> {
  const failed: RunEvent = {
    type: 'tool-call.failed',
    data: { call, task, attempt, fault: problem, tookMs: 0 },
  };
  const recorded = await parts.record([decided, failed]);
  return recorded ? { name: 'refused', fault: problem } : { name: 'unrecorded' };
}

function mint(effect: ProposedEffect, made: Made, parts: PermitParts): Permit {
  const { tool } = effect;
  if (tool === null) return refused('unknown-tool', effect, parts.state);
  const authorisation = {
    argumentsHash: effect.arguments.hash,
    policyHash: made.decision.policyHash,
    decision: made.id,
    fence: parts.fence,
  };
  return {
    name: 'authorized',
    authorized: authorize({ ...effect, tool, preview: made.preview }, authorisation),
  };
}

function refused(rule: string, effect: ProposedEffect, { tasks, plan }: RunState): Permit {
  if (effect.tool === null) return { name: 'refused', fault: fault('TOOL_UNKNOWN', { tool: effect.name }) };
  if (rule === 'agent-tools' || rule === 'agent-unknown') {
    const agent = tasks.find(({ id }) => id === effect.task)?.agent ?? '';
    const known = (plan?.agents ?? []).map(({ name }) => name);
    const problem =
      rule === 'agent-tools'
        ? fault('AGENT_TOOL_DENIED', { agent, tool: effect.name })
        : fault('AGENT_UNKNOWN', { agent, known });
    return { name: 'refused', fault: problem };
  }
  return { name: 'refused', fault: fault('POLICY_DENIED', { rule, tool: effect.name }) };
}

/** The approval that allows what the policy asks about, as the name of a rule; null when a person has to be asked. */
function allowedAlready(
  effect: ProposedEffect,
  approval: ApprovalState | undefined,
  { state, permissions }: PermitParts,
): string | null {
  if (approval?.answer?.answer === 'approved') return 'approved-once';
  if (effect.tool === null) return null;
  const hash = coversOnly(effect.tool) ? effect.arguments.hash : null;
  const model = modelOfAttempt(state, effect.task);
  const forRun = Object.values(state.approvals).some(
    ({ tool, task, attempt, arguments: shown, answer }) =>
      answer?.answer === 'approved' &&
      answer.scope === 'run' &&
      tool === effect.name &&
      // What a person let one model be told was not said of another, whatever it is asked.
      (model === null
        ? hash === null || shown.hash === hash
        : model.id === modelOfAttempt(state, task, attempt)?.id),
  );
  if (forRun) return 'approved-for-run';
  // A permission names no model.
  if (model !== null) return null;
  const standing = permissions.some(
    ({ tool, argumentsHash }) =>
      tool === effect.name &&
      (argumentsHash === null ? hash === null : argumentsHash === effect.arguments.hash),
  );
  return standing ? 'approved-for-folder' : null;
}

/**
 * Whether an approval that reaches further than once covers exactly the same arguments and no others: what runs with a person's rights,
 * or leaves the computer, is never allowed by kind. What was allowed of one model for the rest of a run holds for that model alone.
 */
export function coversOnly(tool: Tool): boolean {
  const { risk } = tool.describe();
  return risk === 'execute' || risk === 'network' || risk === 'model';
}

const NO_HASH = '0'.repeat(64);

/**
 * The tools of an agent are all that its tasks may use, whatever the policy, a person or a model says. To be asked is what an agent is for; what
 * shows a result, and what takes back what failed, is the product's.
 */
function deniedByAgent(effect: ProposedEffect, state: RunState): PolicyDecision | null {
  const { task, name, tool, compensates, shows } = effect;
  if (tool === null || compensates !== undefined || shows === true || tool.describe().asks === true)
    return null;
  const rule = agentRefuses(state, task, name);
  return rule === null ? null : { verdict: 'deny', rule, policyHash: agentOf(state, task)?.hash ?? NO_HASH };
}

function approvalOf(effect: ProposedEffect, state: RunState): ApprovalState | undefined {
  const asked = state.approvals[`${effect.call}.approval`];
  return asked?.arguments.hash === effect.arguments.hash ? asked : undefined;
}

async function evaluate(effect: ProposedEffect, parts: PermitParts): Promise<PolicyDecision> {
  const { state, scope, folder } = parts;
  const denied = deniedByAgent(effect, state);
  if (denied !== null) return denied;
  const action: Action = {
    scope,
    run: state.id,
    kind: effect.tool?.describe().asks === true ? 'model-call' : 'tool-call',
    name: effect.name,
    tool: effect.tool?.describe() ?? null,
    model: modelOfAttempt(state, effect.task),
    arguments: effect.input,
    folder,
    canvas: state.canvas,
  };
  return askPolicy(action, parts);
}

/** What the policy says. A broken, late or undefined answer is deny: promise 4 of the design. */
export async function askPolicy(
  action: Action,
  { policy, clock }: Pick<PermitParts, 'policy' | 'clock'>,
): Promise<PolicyDecision> {
  const closed: PolicyDecision = { verdict: 'deny', rule: 'policy-broken', policyHash: NO_HASH };
  const stop = new AbortController();
  const late = clock.sleep(POLICY_LIMIT_MS, stop.signal).then(
    () => ({ ...closed, rule: 'policy-late' }),
    () => closed,
  );
  try {
    return (await Promise.race([policy.evaluate(action), late])) ?? closed;
  } catch {
    return closed;
  } finally {
    stop.abort();
  }
}
