import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PolicyVerdict, RecordedEvent, type RecordedRunEvent, type RunEvent } from '../event/index.ts';
import {
  evolve,
  fold,
  isUnclear,
  nextStep,
  phaseOf,
  projectSummary,
  RunState,
  type RunSummary,
  reportOf,
} from './index.ts';

const HASH = 'a'.repeat(64);
const content = { hash: HASH, size: 2, mediaType: 'application/json', inline: '{}' };
const note = { code: 'arguments-ready', data: {} };

const submitted: RunEvent = {
  type: 'goal.submitted',
  data: {
    run: 'r1',
    goal: { ...content, inline: 'Explain this folder' },
    folder: { id: 'f1', path: '/folder' },
    canvas: 'c1',
    plan: null,
    slots: {},
    approve: 'ask',
  },
};
const proposed: RunEvent = {
  type: 'plan.proposed',
  data: {
    plan: { name: 'explain-folder', version: '1.0.0', hash: HASH },
    title: 'Explain this folder',
    tasks: [
      { id: 'list', title: 'List the files', tool: 'list_files', after: [], checks: ['recounted'] },
      { id: 'read', title: 'Read', tool: 'read_file', after: ['list'], checks: ['quoted'] },
    ],
    source: content,
  },
};
const approved: RunEvent = { type: 'plan.approved', data: { rule: 'any', policyHash: HASH } };
const at = { task: 'list', attempt: 1 };
const citation = { path: 'a.txt', line: 1, quote: 'a' };
const work: RunEvent[] = [
  { type: 'task.started', data: { ...at, key: 'r1.list.1' } },
  { type: 'step.started', data: { ...at, step: 'plan' } },
  { type: 'step.completed', data: { ...at, step: 'plan', note, output: content } },
  { type: 'step.skipped', data: { ...at, step: 'recall', note } },
  { type: 'step.started', data: { ...at, step: 'tool-select' } },
];

/** What the policy said of one call. */
function decided(verdict: PolicyVerdict): RunEvent {
  const call = { ...at, call: 'c', tool: 'write', decision: 'd', arguments: content };
  return { type: 'tool-call.decided', data: { ...call, verdict, rule: 'any', policyHash: HASH, tookMs: 0 } };
}

function record(events: readonly RunEvent[]): RecordedRunEvent[] {
  return events.map((event, index) => ({
    ...event,
    id: `e${index}`,
    stream: 'run/r1',
    sequence: index + 1,
    version: 1,
    time: new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString(),
    scope: {
      tenant: 'local',
      workspace: 'local',
      actor: [{ kind: 'person', id: 'p1' }],
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      causation: null,
    },
  }));
}

function stateAfter(events: readonly RunEvent[]): RunState {
  const state = fold(record(events));
  if (state === null) throw new Error('the events do not begin with goal.submitted');
  return state;
}

describe('the fold of a run', () => {
  it('begins with the goal and knows nothing before it', () => {
    expect(fold(record([approved]))).toBeNull();
    const state = stateAfter([submitted]);
    expect(state.status).toEqual({ name: 'planning' });
    expect(state.sequence).toBe(1);
  });

  it('queues the plan’s tasks and runs once the plan is approved', () => {
    const state = stateAfter([submitted, proposed, approved]);
    expect(state.status).toEqual({ name: 'running' });
    expect(state.tasks.map((task) => [task.id, task.status.name])).toEqual([
      ['list', 'queued'],
      ['read', 'queued'],
    ]);
  });

  it('shows each state of an attempt as later, current, done or skipped', () => {
    const [list] = stateAfter([submitted, proposed, approved, ...work]).tasks;
    expect(list?.steps.plan).toMatchObject({ status: 'done', output: content });
    expect(list?.steps.recall.status).toBe('skipped');
    expect(list?.steps['tool-select'].status).toBe('current');
    expect(list?.steps.verify.status).toBe('later');
    expect(list && nextStep(list)).toBe('tool-select');
  });

  it('waits while an approval is open and goes on when it is answered', () => {
    const asked: RunEvent = {
      type: 'approval.requested',
      data: { ...at, approval: 'a', call: 'c', tool: 'write', arguments: content, rule: 'ask' },
    };
    const answered: RunEvent = {
      type: 'approval.answered',
      data: { approval: 'a', answer: 'rejected', argumentsHash: HASH, scope: 'once', by: 'person' },
    };
    const events = [submitted, proposed, approved, ...work, decided('ask'), asked];
    expect(phaseOf(stateAfter(events))).toBe('waiting');
    const after = stateAfter([...events, answered]);
    expect(phaseOf(after)).toBe('running');
    expect(after.calls['c']?.outcome.name).toBe('refused');
  });

  it('remembers that a call was allowed once, whatever was decided about it later', () => {
    const after = (...verdicts: PolicyVerdict[]) =>
      stateAfter([submitted, proposed, approved, ...work, ...verdicts.map(decided)]).calls['c'];
    const unclear = (...verdicts: PolicyVerdict[]) => {
      const call = after(...verdicts);
      return call !== undefined && isUnclear(call);
    };
    expect(after('allow', 'deny')?.outcome.name).toBe('refused');
    expect([unclear('allow', 'deny'), unclear('allow', 'ask'), unclear('allow')]).toEqual([true, true, true]);
    expect([unclear('ask'), unclear('ask', 'deny')]).toEqual([false, false]);
  });

  it('stops every open task when the run ends, and reports the end', () => {
    const evidence: RunEvent = {
      type: 'evidence.recorded',
      data: {
        ...at,
        claims: [
          {
            claim: { id: 'q', kind: 'quoted', text: 'It says a', citation },
            verdict: { checked: true, fileHash: HASH },
          },
        ],
      },
    };
    const ended: RunEvent = { type: 'run.ended', data: { state: 'stopped', note, fault: null } };
    const state = stateAfter([submitted, proposed, approved, ...work, evidence, ended]);
    expect(state.tasks.map((task) => task.status.name)).toEqual(['stopped', 'stopped']);
    const report = reportOf(state, { goal: 'Explain this folder', changes: [] });
    expect(report).toMatchObject({ run: 'r1', state: 'stopped', plan: { id: 'explain-folder' } });
    expect(report?.claims).toEqual([{ kind: 'quoted', text: 'It says a', ...citation, checked: true }]);
  });

  it('has no report while it goes on', () => {
    expect(reportOf(stateAfter([submitted, proposed]), { goal: 'x', changes: [] })).toBeNull();
  });

  it('has a state that its own schema accepts and JSON carries unchanged', () => {
    const state = stateAfter([submitted, proposed, approved, ...work]);
    expect(RunState.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it('ignores an event it has seen already', () => {
    const events = record([submitted, proposed, approved, ...work]);
    const state = fold(events);
    expect(events.reduce(evolve, state)).toBe(state);
  });

  it('gives the same state in one fold, in two halves, and through JSON', () => {
    const all = record([
      submitted,
      proposed,
      approved,
      ...work,
      { type: 'run.paused', data: { reason: 'person', fault: null } },
    ]);
    fc.assert(
      fc.property(fc.nat(all.length), (cut) => {
        const half = fold(all.slice(0, cut));
        const carried: RunState | null =
          half === null ? null : RunState.parse(JSON.parse(JSON.stringify(half)));
        expect(all.slice(cut).reduce(evolve, carried)).toEqual(fold(all));
      }),
    );
  });
});

describe('a paused run', () => {
  it('says since when, and why', () => {
    const pause = { type: 'run.paused', data: { reason: 'person', fault: null } } as const;
    const events = record([submitted, proposed, approved, pause]);
    const at = events.at(-1)?.time;
    expect(at).toMatch(/^2\d{3}-/);
    expect(fold(events)?.status).toEqual({ name: 'paused', reason: 'person', fault: null, at });
  });
});

describe('the row of a run', () => {
  it('is the same as what the whole state says', () => {
    const all = record([
      submitted,
      proposed,
      approved,
      ...work,
      { type: 'run.interrupted', data: { exit: 'unclean' } },
    ]);
    const row = all.reduce<RunSummary | null>(projectSummary, null);
    const state = fold(all);
    expect(row).toMatchObject({ run: 'r1', goal: 'Explain this folder', tasks: 2, sequence: all.length });
    expect(row?.phase).toBe(state === null ? null : phaseOf(state));
  });
});

describe('recorded events', () => {
  it('are read back as they were written, and refused when a field is missing', () => {
    for (const event of record([submitted, proposed, approved, ...work])) {
      expect(RecordedEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
      expect(RecordedEvent.safeParse({ ...event, data: {} }).success).toBe(false);
      expect(RecordedEvent.safeParse({ ...event, type: 'goal.invented' }).success).toBe(false);
    }
  });
});
