import type { RecordedRunEvent } from '@soma/schemas/event';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';
import { follow } from './run-command.ts';
import type { Use } from './use.ts';

/** Events asked for at once. */
const PAGE = 1000;

/** Branches a run off after one of its events and follows the branch to its end; one that shall wait is only named. */
export async function forkRun(desk: Desk, use: Extract<Use, { verb: 'fork' }>): Promise<Exit> {
  const { run, at, approve, paused } = use;
  const { state } = await ask(desk, (calls) => calls.run.get({ run }));
  const wish = { id: desk.ids.next(), run, sequence: at ?? state.sequence, approve, paused };
  await ask(desk, (calls) => calls.run.fork(wish));
  if (!paused) return follow(desk, { run: wish.id, report: null });
  desk.speech.answer(desk.speech.translator.t('terminal.run', { run: wish.id }));
  return EXIT.done;
}

/** Prints everything that was recorded of a run, in order: a line each, or all as one JSON array. Nothing is done again. */
export async function showHistory(
  desk: Desk,
  { run, json }: Extract<Use, { verb: 'history' }>,
): Promise<Exit> {
  const { speech } = desk;
  await ask(desk, (calls) => calls.run.get({ run }));
  const events: RecordedRunEvent[] = [];
  for (let read = -1; read !== events.length; ) {
    read = events.length;
    const wanted = { run, after: events.at(-1)?.sequence ?? 0, limit: PAGE };
    events.push(...(await ask(desk, (calls) => calls.run.history(wanted))).events);
  }
  if (json) speech.answer(JSON.stringify(events, null, 2));
  else for (const event of events) speech.answer(eventText(event));
  return EXIT.done;
}

function eventText({ sequence, time, type, data }: RecordedRunEvent): string {
  const task =
    'task' in data
      ? data.task === null
        ? []
        : [data.task]
      : 'tasks' in data
        ? data.tasks.map(taskName)
        : [];
  const step = 'step' in data ? [data.step] : [];
  return [String(sequence).padStart(5), time, type, ...task, ...step].map(printable).join('  ');
}

function taskName(task: string | { readonly id: string }): string {
  return typeof task === 'string' ? task : task.id;
}
