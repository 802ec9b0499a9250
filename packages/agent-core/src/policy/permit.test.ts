import type { ApproveMode, Permission, RunEvent, ToolRisk } from '@soma/schemas/event';
import type { ApprovalState } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { createRulePolicy } from '../adapter/rules/index.ts';
import { createIds, systemClock, systemHasher } from '../adapter/system/index.ts';
import type { Policy, Tool } from '../port/index.ts';
import { aRun, aTask } from '../testing/run-state.ts';
import { anAgent } from '../testing/sample-agent.ts';
import {
  type Authorized,
  type Permit,
  type PermitParts,
  type ProposedEffect,
  permit,
  type ToolEffect,
} from './index.ts';

const HASH = 'c'.repeat(64);
const ids = createIds(systemClock);

function toolOf(risk: ToolRisk): Tool {
  return {
    describe: () => ({
      name: 'a_tool',
      description: 'For the test.',
      risk,
      idempotency: 'idempotent',
      timeoutMs: 1000,
      outputLimitBytes: 1000,
      inputSchema: {},
      outputSchema: {},
    }),
    call: async () => ({ ok: true, output: null, note: { code: 'none', data: {} } }),
    probe: async () => 'unknown',
  };
}

function effectOf(tool: Tool | null): ProposedEffect {
  const content = { hash: HASH, size: 2, mediaType: 'application/json', inline: '{}' };
  return {
    call: 'r1.a.1.execute',
    task: 'a',
    attempt: 1,
    key: 'k',
    name: 'a_tool',
    tool,
    input: {},
    arguments: content,
  };
}

interface Asked {
  readonly permitted: Permit;
  readonly events: readonly RunEvent[];
}

async function askFor(
  tool: Tool | null,
  change: Partial<PermitParts> & { mode?: ApproveMode } = {},
  own: Partial<ProposedEffect> = {},
): Promise<Asked> {
  const events: RunEvent[] = [];
  const state = aRun([aTask('a', [], { name: 'running' })], { approve: change.mode ?? 'ask' });
  const permitted = await permit(
    { ...effectOf(tool), ...own },
    {
      policy: createRulePolicy(systemHasher),
      clock: systemClock,
      ids,
      scope: state.scope,
      fence: { stream: 'run/r1', token: 1 },
      state,
      folder: '/folder',
      permissions: [],
      preview: async () => ({ ok: true, preview: null }),
      reserve: async () => ({ ok: true, dollars: undefined, settle: () => undefined }),
      record: async (more) => {
        events.push(...more);
        return true;
      },
      ...change,
    },
  );
  return { permitted, events };
}

function types(asked: Asked): string[] {
  return asked.events.map((event) => event.type);
}

describe('the policy path', () => {
  it('authorises reading inside the folder and drawing on the board, and records the decision first', async () => {
    for (const risk of ['read', 'board'] as const) {
      const asked = await askFor(toolOf(risk));
      expect(asked.permitted.name).toBe('authorized');
      expect(types(asked)).toEqual(['tool-call.decided']);
    }
  });

  it('asks a person for everything else', async () => {
    for (const risk of ['write', 'execute', 'network'] as const) {
      const asked = await askFor(toolOf(risk));
      expect(asked.permitted.name).toBe('waiting');
      expect(types(asked)).toEqual(['tool-call.decided', 'approval.requested']);
    }
  });

  it('denies a tool it does not know', async () => {
    const asked = await askFor(null);
    expect(asked.permitted).toMatchObject({ name: 'refused', fault: { code: 'TOOL_UNKNOWN' } });
    expect(asked.events[0]).toMatchObject({ data: { verdict: 'deny', rule: 'unknown-tool' } });
  });

  it('denies when the policy throws, answers nothing, or is late', async () => {
    const broken: Policy[] = [
      { evaluate: () => Promise.reject(new Error('broken')) },
      { evaluate: () => new Promise(() => undefined) },
    ];
    for (const policy of broken) {
      const asked = await askFor(toolOf('read'), { policy });
      expect(asked.permitted).toMatchObject({ name: 'refused', fault: { code: 'POLICY_DENIED' } });
      expect(asked.events[0]).toMatchObject({ data: { verdict: 'deny' } });
    }
  });

  it('refuses by the flag --approve never and approves once by --approve all, both recorded', async () => {
    const never = await askFor(toolOf('write'), { mode: 'never' });
    expect(never.permitted).toMatchObject({ name: 'refused', fault: { code: 'POLICY_DENIED' } });
    expect(never.events.at(-1)).toMatchObject({ data: { answer: 'rejected', by: 'flag' } });
    const all = await askFor(toolOf('write'), { mode: 'all' });
    expect(all.permitted.name).toBe('authorized');
    expect(all.events.at(-2)).toMatchObject({ data: { answer: 'approved', by: 'flag' } });
    expect(all.events.at(-1)).toMatchObject({ data: { verdict: 'allow', rule: 'approved-once' } });
  });

  it('authorises nothing when the decision could not be recorded', async () => {
    for (const risk of ['read', 'write'] as const) {
      const asked = await askFor(toolOf(risk), { record: async () => false });
      expect(asked.permitted.name).toBe('unrecorded');
    }
  });

  it('mints after an approval of the same arguments, evaluating again, and never for other arguments', async () => {
    const approval = anApproval({});
    const run = aRun([aTask('a', [], { name: 'running' })], { approvals: { [approval.id]: approval } });
    const asked = await askFor(toolOf('write'), { state: run });
    expect(asked.permitted.name).toBe('authorized');
    expect(asked.events[0]).toMatchObject({ data: { verdict: 'allow', rule: 'approved-once' } });

    const other = { ...approval, arguments: { ...approval.arguments, hash: 'd'.repeat(64) } };
    const changed = await askFor(toolOf('write'), { state: { ...run, approvals: { [approval.id]: other } } });
    expect(changed.permitted.name).toBe('waiting');

    const denying: Policy = {
      evaluate: async () => ({ verdict: 'deny', rule: 'new-rule', policyHash: HASH }),
    };
    const denied = await askFor(toolOf('write'), { state: run, policy: denying });
    expect(denied.permitted.name).toBe('refused');
  });
});

/** What a person approved before, of the same arguments unless the change says otherwise. */
function anApproval(change: Partial<ApprovalState>): ApprovalState {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    id: 'r1.a.1.execute.approval',
    call: 'r1.a.1.execute',
    task: 'a',
    attempt: 1,
    tool: 'a_tool',
    arguments: effectOf(null).arguments,
    rule: 'ask-for-the-rest',
    requestedAt: at,
    answer: { answer: 'approved', by: 'person', scope: 'once', at },
    ...change,
  };
}

describe('an approval that reaches further than once', () => {
  const others = { ...effectOf(null).arguments, hash: 'd'.repeat(64) };
  const answer = { answer: 'approved', by: 'person', scope: 'run', at: '2026-01-01T00:00:00.000Z' } as const;
  const runWith = (approval: ApprovalState) =>
    aRun([aTask('a', [], { name: 'running' })], { approvals: { [approval.id]: approval } });

  it('allows the same kind of writing for the rest of the run, and no other tool', async () => {
    const earlier = anApproval({ id: 'other', call: 'other', arguments: others, answer });
    const asked = await askFor(toolOf('write'), { state: runWith(earlier) });
    expect(asked.permitted.name).toBe('authorized');
    expect(asked.events[0]).toMatchObject({ data: { verdict: 'allow', rule: 'approved-for-run' } });
    const elsewhere = await askFor(toolOf('write'), { state: runWith({ ...earlier, tool: 'b_tool' }) });
    expect(elsewhere.permitted.name).toBe('waiting');
  });

  it('never allows another command, or another address, than the one that was shown', async () => {
    for (const risk of ['execute', 'network'] as const) {
      const earlier = anApproval({ id: 'other', call: 'other', arguments: others, answer });
      expect((await askFor(toolOf(risk), { state: runWith(earlier) })).permitted.name).toBe('waiting');
      const same = anApproval({ id: 'other', call: 'other', answer });
      expect((await askFor(toolOf(risk), { state: runWith(same) })).permitted.name).toBe('authorized');
    }
  });

  it('allows for a folder what a person permitted there, by kind or by exact arguments', async () => {
    const until = '2027-01-01T00:00:00.000Z';
    const permission: Permission = { id: 'p', folder: 'f1', tool: 'a_tool', argumentsHash: null, until };
    const allowed = async (risk: ToolRisk, change: Partial<Permission>) =>
      (await askFor(toolOf(risk), { permissions: [{ ...permission, ...change }] })).permitted.name;
    expect(await allowed('write', {})).toBe('authorized');
    expect(await allowed('write', { tool: 'b_tool' })).toBe('waiting');
    expect(await allowed('execute', {})).toBe('waiting');
    expect(await allowed('execute', { argumentsHash: HASH })).toBe('authorized');
    expect(await allowed('execute', { argumentsHash: 'd'.repeat(64) })).toBe('waiting');
  });

  it('never overrules a policy that denies', async () => {
    const policy: Policy = { evaluate: async () => ({ verdict: 'deny', rule: 'no', policyHash: HASH }) };
    const asked = await askFor(toolOf('write'), { state: runWith(anApproval({ answer })), policy });
    expect(asked.permitted.name).toBe('refused');
  });
});

describe('an authorised effect', () => {
  it('cannot be written down by code outside the policy', () => {
    const forged = {
      effect: effectOf(null),
      authorisation: { argumentsHash: HASH, policyHash: HASH, decision: 'd' },
    };
    // @ts-expect-error an object of the same shape is not an Authorized: its private field makes the type nominal
    const refused: Authorized<ToolEffect> = forged;
    expect(refused).toBe(forged);
  });
});

describe('a task of an agent', () => {
  const plan = {
    ...{ ref: { name: 'p', version: '1.0.0', hash: HASH }, title: 'P', approved: true },
    source: { hash: HASH, size: 0, mediaType: 'application/yaml', inline: '' },
  };
  const stateOf = (tools: readonly string[], agents = [anAgent({ tools: [...tools] })]) =>
    aRun([{ ...aTask('a', [], { name: 'running' }), agent: 'reader' }], {
      approve: 'all',
      plan: { ...plan, agents },
    });

  it('uses the tools of its agent and no other, whatever the policy or a person allows', async () => {
    for (const risk of ['read', 'board', 'write', 'execute', 'network'] as const) {
      const asked = await askFor(toolOf(risk), { state: stateOf(['another_tool']), mode: 'all' });
      expect(asked.permitted).toMatchObject({
        name: 'refused',
        fault: { code: 'AGENT_TOOL_DENIED', data: { agent: 'reader', tool: 'a_tool' } },
      });
      expect(asked.events).toMatchObject([
        {
          type: 'tool-call.decided',
          data: { verdict: 'deny', rule: 'agent-tools', policyHash: 'b'.repeat(64) },
        },
      ]);
      const allowed = await askFor(toolOf(risk), { state: stateOf(['a_tool']) });
      expect(allowed.permitted.name).toBe('authorized');
    }
  });

  it('is denied everything where the run has no such agent', async () => {
    const asked = await askFor(toolOf('read'), { state: stateOf([], []) });
    expect(asked.permitted).toMatchObject({ fault: { code: 'AGENT_UNKNOWN', data: { agent: 'reader' } } });
    expect(asked.events).toMatchObject([{ data: { verdict: 'deny', rule: 'agent-unknown' } }]);
  });

  it('still shows what came of it, and what failed of it is still taken back: both are the product’s', async () => {
    const state = stateOf([]);
    const parts = { state, mode: 'all' } as const;
    for (const own of [{ shows: true }, { compensates: 'r1.a.1.execute' }] as const)
      expect((await askFor(toolOf('board'), parts, own)).permitted.name).toBe('authorized');
  });
});
