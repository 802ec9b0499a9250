import { describe, expect, it } from 'vitest';
import { aRun, aTask } from '../testing/run-state.ts';
import { decide, type RunCommand } from './decide.ts';

const stop: RunCommand = { type: 'stop' };
const pause: RunCommand = { type: 'pause', reason: 'person', fault: null };
const resume = { type: 'resume', approve: null, handedOver: false } as const satisfies RunCommand;
const paused = aRun([aTask('a')], {
  status: { name: 'paused', reason: 'person', fault: null, at: '2026-11-21T08:00:00.000Z' },
});
const content = { hash: 'b'.repeat(64), size: 0, mediaType: 'application/json', inline: '{}' };
const approval = {
  id: 'x',
  call: 'c',
  task: 'a',
  attempt: 1,
  tool: 'write',
  arguments: content,
  rule: 'ask',
  requestedAt: '2026-01-01T00:00:00.000Z',
  answer: null,
};
const ended = aRun([], {
  status: {
    name: 'ended',
    state: 'verified',
    note: { code: 'x', data: {} },
    fault: null,
    at: '2026-01-01T00:00:00.000Z',
  },
});

function codeOf(state: Parameters<typeof decide>[0], command: RunCommand): string | string[] {
  const decided = decide(state, command);
  return decided.ok ? decided.events.map((event) => event.type) : decided.fault.code;
}

describe('decide', () => {
  it('refuses every command on a run that is unknown or has ended', () => {
    for (const command of [stop, pause, resume]) {
      expect(codeOf(null, command)).toBe('RUN_UNKNOWN');
      expect(codeOf(ended, command)).toBe('RUN_ENDED');
    }
  });

  it('pauses a run at work, and does nothing to one that is paused already', () => {
    expect(codeOf(aRun([]), pause)).toEqual(['run.paused']);
    expect(codeOf(paused, pause)).toEqual([]);
  });

  it('resumes only what is paused or interrupted', () => {
    expect(codeOf(paused, resume)).toEqual(['run.resumed']);
    expect(codeOf(aRun([]), resume)).toBe('RUN_NOT_PAUSED');
  });

  it('records an interruption once, as clean after a closed window and as unclean otherwise', () => {
    const interrupted = decide(aRun([]), { type: 'interrupt' });
    expect(interrupted).toMatchObject({
      ok: true,
      events: [{ type: 'run.interrupted', data: { exit: 'unclean' } }],
    });
    const closed = aRun([], {
      status: { name: 'paused', reason: 'closing', fault: null, at: '2026-11-21T08:00:00.000Z' },
    });
    expect(decide(closed, { type: 'interrupt' })).toMatchObject({
      ok: true,
      events: [{ data: { exit: 'clean' } }],
    });
    expect(codeOf(paused, { type: 'interrupt' })).toEqual([]);
    const asked = aRun([], {
      status: { name: 'interrupted', exit: 'clean', at: '2026-01-01T00:00:00.000Z' },
    });
    expect(codeOf(asked, { type: 'interrupt' })).toEqual([]);
  });

  it('lets a handed-over run go on without asking', () => {
    expect(codeOf(aRun([]), { type: 'resume', approve: null, handedOver: true })).toEqual(['run.resumed']);
  });

  it('answers by the flag what was asked before it was given', () => {
    const waiting = { ...paused, approvals: { x: approval } };
    for (const [approve, given] of [
      ['all', 'approved'],
      ['never', 'rejected'],
    ] as const) {
      expect(decide(waiting, { ...resume, approve })).toMatchObject({
        ok: true,
        events: [
          { type: 'run.resumed', data: { approve } },
          {
            type: 'approval.answered',
            data: { approval: 'x', answer: given, by: 'flag', argumentsHash: content.hash },
          },
        ],
      });
    }
    expect(codeOf(waiting, { ...resume, approve: 'ask' })).toEqual(['run.resumed']);
    expect(codeOf(waiting, resume)).toEqual(['run.resumed']);
  });

  it('lets a run that waits for an approval go on with the answer of the flag, and does nothing without one', () => {
    const waiting = aRun([aTask('a', [], { name: 'waiting', approval: 'x' })], {
      approvals: { x: approval },
    });
    expect(decide(waiting, { ...resume, approve: 'all' })).toMatchObject({
      ok: true,
      events: [
        { type: 'run.resumed', data: { from: 'waiting', approve: 'all' } },
        { type: 'approval.answered', data: { approval: 'x', answer: 'approved', by: 'flag' } },
      ],
    });
    expect(codeOf(waiting, { ...resume, approve: 'ask' })).toEqual(['run.resumed']);
    expect(codeOf(waiting, resume)).toEqual([]);
  });

  it('binds an answer to the arguments that were shown', () => {
    const run = aRun([aTask('a', [], { name: 'waiting', approval: 'x' })], { approvals: { x: approval } });
    const given = { type: 'answer', approval: 'x', answer: 'approved', by: 'person', scope: 'once' } as const;
    expect(codeOf(run, { ...given, argumentsHash: content.hash })).toEqual(['approval.answered']);
    expect(codeOf(run, { ...given, argumentsHash: 'c'.repeat(64) })).toBe('APPROVAL_CHANGED');
    expect(codeOf(run, { ...given, approval: 'y', argumentsHash: content.hash })).toBe('APPROVAL_UNKNOWN');
  });
});
