import type { Note, RecordedRunEvent } from '@soma/schemas/event';
import type { RunState } from '@soma/schemas/run';
import type { Text } from '../../client/index.ts';

/** An event of a run in a few words: "Read the files: Execute done". `run` knows the titles of its tasks. */
export function eventWords(event: RecordedRunEvent, run: RunState | null, text: Text): string {
  return text(`app.travel.event.${event.type}`, dataOf(event, run, text));
}

/** Why a plan is revised names tasks, faults and counts, and no lists. */
function sayable({ data }: Note): Data {
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [],
    ),
  );
}

type Data = Readonly<Record<string, string | number>>;

function dataOf(event: RecordedRunEvent, run: RunState | null, text: Text): Data {
  const titled = (id: string) => ({ task: run?.tasks.find((task) => task.id === id)?.title ?? id });
  switch (event.type) {
    case 'plan.proposed':
      return { plan: event.data.plan.name };
    case 'plan.revised': {
      const { note, added } = event.data;
      return { reason: text(`note.${note.code}`, sayable(note)), added: added.length };
    }
    case 'model.routed':
      return { ...titled(event.data.task), model: event.data.model.model };
    case 'task.started':
    case 'evidence.recorded':
    case 'task.failed':
    case 'task.skipped':
    case 'task.edited':
    case 'memory.remembered':
      return titled(event.data.task);
    case 'step.started':
    case 'step.completed':
    case 'step.skipped':
      return { ...titled(event.data.task), step: text(`app.step.${event.data.step}`) };
    case 'task.completed':
      return { ...titled(event.data.task), state: event.data.state };
    case 'task.requeued':
      return { ...titled(event.data.tasks[0] ?? ''), count: event.data.tasks.length };
    case 'tool-call.decided':
      return { tool: event.data.tool, verdict: event.data.verdict };
    case 'approval.requested':
      return { ...titled(event.data.task), tool: event.data.tool, about: event.data.about ?? 'call' };
    case 'tool-call.completed':
    case 'tool-call.failed':
      return { tool: run?.calls[event.data.call]?.tool ?? '' };
    case 'approval.answered':
      return { answer: event.data.answer };
    case 'artifact.published':
      return { title: event.data.title };
    case 'run.paused':
      return { reason: event.data.reason };
    case 'run.ended':
      return { state: text(`app.state.${event.data.state}`) };
    case 'goal.submitted':
    case 'plan.approved':
    case 'changes.undone':
    case 'run.resumed':
    case 'run.interrupted':
    case 'message.sent':
      return {};
    default:
      return event satisfies never;
  }
}
