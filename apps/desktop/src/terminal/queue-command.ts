import type { QueueView } from '@soma/schemas/contract';
import { faultText } from '@soma/schemas/message';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';
import type { Use } from './use.ts';

/** Says what waits between the log and those who are told of it, has it sent again, or compares the two. */
export function useQueue(desk: Desk, use: Extract<Use, { verb: 'queue' }>): Promise<Exit> {
  switch (use.what) {
    case 'list':
      return describeQueue(desk, use.json);
    case 'requeue':
      return requeue(desk, use.copy);
    case 'reconcile':
      return reconcile(desk, use.json);
    default:
      return use satisfies never;
  }
}

/** One line of sums, a line each of what was set aside, and why nothing is sent on. */
async function describeQueue(desk: Desk, json: boolean): Promise<Exit> {
  const { speech } = desk;
  const { queue } = await ask(desk, (calls) => calls.queue.describe({}));
  if (json) {
    speech.answer(JSON.stringify(queue, null, 2));
    return EXIT.done;
  }
  const { backlog, oldest, setAside, copies, trouble } = queue;
  const said = { backlog, oldest: oldest === null ? 'none' : oldest, aside: setAside };
  speech.answer(speech.translator.t('terminal.queue.sums', said));
  for (const copy of copies) speech.answer(lineOf(desk, copy));
  const more = setAside - copies.length;
  if (more > 0) speech.answer(speech.translator.t('terminal.queue.more', { more }));
  if (trouble !== null) speech.sayFault(trouble);
  return EXIT.done;
}

function lineOf({ speech: { translator } }: Desk, copy: QueueView['copies'][number]): string {
  const { fault, type, stream, sequence, tries, at } = copy;
  const event = `${type} ${printable(stream)} #${sequence}`;
  const why = `${fault.code}: ${printable(faultText(translator, fault).cause)}`;
  return translator.t('terminal.queue.copy', { copy: printable(copy.copy), event, tries, at, why });
}

async function requeue(desk: Desk, copy: string | null): Promise<Exit> {
  const { requeued } = await ask(desk, (calls) => calls.queue.requeue({ copy }));
  desk.speech.answer(desk.speech.translator.t('terminal.queue.requeued', { requeued }));
  return EXIT.done;
}

/** Ends with 1 where something was missing, so that a script notices. */
async function reconcile(desk: Desk, json: boolean): Promise<Exit> {
  const { speech } = desk;
  const { translator } = speech;
  const { report } = await ask(desk, (calls) => calls.queue.reconcile({}));
  if (json) speech.answer(JSON.stringify(report, null, 2));
  else {
    const { consumers, ...sums } = report;
    speech.answer(translator.t('terminal.queue.log', sums));
    for (const consumer of consumers) speech.answer(translator.t('terminal.queue.consumer', consumer));
    if (report.requeued > 0) speech.answer(translator.t('terminal.queue.requeued', report));
  }
  const isWhole = report.gaps === 0 && report.consumers.every(({ missing }) => missing === 0);
  return isWhole ? EXIT.done : EXIT.ended;
}
