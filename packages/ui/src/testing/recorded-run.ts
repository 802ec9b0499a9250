import { RecordedRunEvent } from '@soma/schemas/event';
import { projectSummary, type RunSummary } from '@soma/schemas/run';
import recorded from './fastq-run.jsonl?raw';

const scope = {
  tenant: 'local',
  workspace: 'local',
  actor: [{ kind: 'person' as const, id: 'local' }],
  traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  causation: null,
};

const [contents = '{}', ...lines] = recorded.trim().split('\n');

/** An event as a host records it, of what the run did and when. */
export function recordedEvent(event: object, sequence: number): RecordedRunEvent {
  const place = { id: `event-${sequence}`, stream: 'run/run-fastq', sequence, version: 1, scope };
  return RecordedRunEvent.parse({ ...event, ...place });
}

/** What a host really recorded of explain-folder on fastq 1.20.3, from the goal to its verified end. */
export const fastqRun: readonly RecordedRunEvent[] = lines.map((line, place) =>
  recordedEvent(JSON.parse(line) as object, place + 1),
);

/** Texts the run's events hold by hash only. */
export const fastqContents: Readonly<Record<string, string>> = JSON.parse(contents) as Record<string, string>;

/** The recorded run, held a minute after it was cut off with calls that had not answered. */
export function heldRun(how: 'paused' | 'interrupted'): readonly RecordedRunEvent[] {
  const answered = fastqRun.findIndex(({ type }) => type === 'tool-call.completed');
  const called = fastqRun.findIndex(({ type }, place) => place > answered && type === 'tool-call.decided');
  const kept = fastqRun.slice(0, called + 1);
  const time = new Date(Date.parse(kept.at(-1)?.time ?? '') + 60_000).toISOString();
  const data = how === 'paused' ? { reason: 'person', fault: null } : { exit: 'unclean' };
  return [...kept, recordedEvent({ type: `run.${how}`, time, data }, kept.length + 1)];
}

/** The row of a run after these events. */
export function rowOf(events: readonly RecordedRunEvent[]): RunSummary {
  const row = events.reduce<RunSummary | null>(projectSummary, null);
  if (row === null) throw new Error('these events begin no run');
  return row;
}
