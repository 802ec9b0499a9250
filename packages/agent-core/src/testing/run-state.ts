import type { RunState, StepState, TaskState, TaskStatus } from '@soma/schemas/run';

const HASH = 'a'.repeat(64);
const LATER: StepState = { status: 'later' };

/** A task of a run's state, queued unless said otherwise. */
export function aTask(
  id: string,
  after: readonly string[] = [],
  status: TaskStatus = { name: 'queued' },
): TaskState {
  return {
    id,
    title: id,
    tool: 'read_file',
    after: [...after],
    checks: [],
    status,
    attempt: status.name === 'queued' ? 0 : 1,
    key: null,
    startedAt: null,
    endedAt: null,
    steps: {
      plan: LATER,
      recall: LATER,
      'tool-select': LATER,
      execute: LATER,
      observe: LATER,
      reflect: LATER,
      verify: LATER,
      commit: LATER,
    },
    calls: [],
    evidence: [],
    edited: null,
  };
}

/** A run at work on an approved plan with these tasks; `change` overrides any field. */
export function aRun(tasks: readonly TaskState[], change: Partial<RunState> = {}): RunState {
  const content = { hash: HASH, size: 0, mediaType: 'text/plain', inline: '' };
  return {
    id: 'r1',
    sequence: 3,
    scope: {
      tenant: 'local',
      workspace: 'local',
      actor: [{ kind: 'person', id: 'p1' }],
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      causation: null,
    },
    goal: content,
    folder: { id: 'f1', path: '/folder' },
    canvas: 'c1',
    requestedPlan: null,
    slots: {},
    approve: 'ask',
    fork: null,
    parent: null,
    follows: null,
    fresh: false,
    priority: 'normal',
    deadline: null,
    submittedAt: '2026-01-01T00:00:00.000Z',
    status: { name: 'running' },
    endings: 0,
    plan: { ref: { name: 'p', version: '1.0.0', hash: HASH }, title: 'P', source: content, approved: true },
    tasks: [...tasks],
    calls: {},
    approvals: {},
    artifacts: [],
    changes: [],
    undone: [],
    messages: [],
    ...change,
  };
}
