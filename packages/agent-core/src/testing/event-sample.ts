import type { EventData, Scope } from '@soma/schemas/event';
import type { Append, Commit, NewEvent } from '../port/index.ts';

/** When all sample events were made. */
export const SAMPLE_TIME = '2026-01-01T00:00:00.000Z';

/** A person in a workspace. */
export function scopeOf(workspace = 'local', tenant = 'local'): Scope {
  return {
    tenant,
    workspace,
    actor: [{ kind: 'person', id: 'person-1' }],
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    causation: null,
  };
}

/** The event that begins a run. */
export function goalSubmitted(
  run: string,
  id: string,
  data: Partial<EventData<'goal.submitted'>> = {},
): NewEvent {
  const text = 'Explain this folder';
  const goal = {
    hash: 'd5b5f3ea9a3f8ab6e1a5ba6aa6ed1f3e7e0f2b41f9a5fbe5ef9f5e7a52ff0f10',
    size: text.length,
    mediaType: 'text/plain',
    inline: text,
  };
  const folder = { id: 'folder-1', path: '/folder' };
  return {
    id,
    time: SAMPLE_TIME,
    type: 'goal.submitted',
    data: { run, goal, folder, canvas: 'canvas-1', plan: null, slots: {}, approve: 'ask', ...data },
  };
}

/** A remark in a run: one completed step with the text in its note. */
export function remark(id: string, text: string): NewEvent {
  const note = { code: 'remark', data: { text } };
  return {
    id,
    time: SAMPLE_TIME,
    type: 'step.completed',
    data: { task: 'task-1', attempt: 1, step: 'observe', note, output: null },
  };
}

/** Some events of a run, of `count`, with ids that begin with `prefix`. */
export function remarks(prefix: string, count: number): NewEvent[] {
  return Array.from({ length: count }, (_, n) => remark(`${prefix}-${n}`, `${prefix} ${n}`));
}

/** A commit to one stream without a lease. */
export function commitOf(scope: Scope, ...appends: readonly Append[]): Commit {
  return { scope, appends, fence: null };
}
