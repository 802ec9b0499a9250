import { RecordedRunEvent, upcast } from '@soma/schemas/event';
import { projectSummary, type RunSummary } from '@soma/schemas/run';
import checks from './checks-run.jsonl?raw';
import recorded from './fastq-run.jsonl?raw';
import follow from './follow-run.jsonl?raw';
import rename from './rename-run.jsonl?raw';
import revised from './revised-run.jsonl?raw';
import talk from './talk-run.jsonl?raw';

const scope = {
  tenant: 'local',
  workspace: 'local',
  actor: [{ kind: 'person' as const, id: 'local' }],
  traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  causation: null,
};

/** An event as a host records it, of what the run did and when. */
export function recordedEvent(event: object, sequence: number, run = 'run-fastq'): RecordedRunEvent {
  const place = { id: `event-${sequence}`, stream: `run/${run}`, sequence, version: 1, scope };
  return RecordedRunEvent.parse(upcast({ ...event, ...place }));
}

/** A run as a host really recorded it, and the texts that its events hold by hash only. */
interface Recorded {
  readonly events: readonly RecordedRunEvent[];
  readonly contents: Readonly<Record<string, string>>;
}

function read(file: string, run: string): Recorded {
  const [contents = '{}', ...lines] = file.trim().split('\n');
  return {
    events: lines.map((line, place) => recordedEvent(JSON.parse(line) as object, place + 1, run)),
    contents: JSON.parse(contents) as Record<string, string>,
  };
}

/** What a host really recorded of explain-folder on fastq 1.20.3, from the goal to its verified end. */
export const { events: fastqRun, contents: fastqContents } = read(recorded, 'run-fastq');

/** change-text on fastq 1.20.3: asked, approved once, written, verified. */
export const { events: renameRun, contents: renameContents } = read(rename, 'run-rename');

/** run-checks on fastq 1.20.3 up to the moment in which it asks whether the command may run. */
export const { events: checksRun, contents: checksContents } = read(checks, 'run-checks');

/** A plan of a person's own: it finds nothing, asks whether it may go on with fewer checks, is allowed to, and ends verified. */
export const { events: revisedRun } = read(revised, 'run-revised');

/** A free goal with a scripted model: something is said to it while it waits for a person, it replies with a quote, and ends verified. */
export const { events: talkRun } = read(talk, 'run-talk');

/** What was said to that run after its end, and its reply, which quotes nothing. */
export const { events: followRun } = read(follow, 'run-follow');

/** The part of a run up to the first question it asks. */
export function untilAsked(events: readonly RecordedRunEvent[]): readonly RecordedRunEvent[] {
  return events.slice(0, events.findIndex(({ type }) => type === 'approval.requested') + 1);
}

/** The recorded run, held a minute after it was cut off with calls that had not answered. */
export function heldRun(how: 'paused' | 'interrupted'): readonly RecordedRunEvent[] {
  const answered = fastqRun.findIndex(({ type }) => type === 'tool-call.completed');
  const called = fastqRun.findIndex(({ type }, place) => place > answered && type === 'tool-call.decided');
  const kept = fastqRun.slice(0, called + 1);
  const time = new Date(Date.parse(kept.at(-1)?.time ?? '') + 60_000).toISOString();
  const data = how === 'paused' ? { reason: 'person', fault: null } : { exit: 'unclean' };
  return [...kept, recordedEvent({ type: `run.${how}`, time, data }, kept.length + 1)];
}

/** The row of a run after these events, whose log went on in further segments behind some of them. */
export function rowOf(events: readonly RecordedRunEvent[], segments: readonly number[] = []): RunSummary {
  const row = events.reduce<RunSummary | null>(projectSummary, null);
  if (row === null) throw new Error('these events begin no run');
  return { ...row, segments: [...segments] };
}
