import { watchRun } from '@soma/schemas/contract';
import { runStream } from '@soma/schemas/event';
import { type RunState, replyTo, type TaskState } from '@soma/schemas/run';
import { z } from 'zod';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { applyNews } from './follow.ts';
import { printable } from './printable.ts';
import { follow } from './run-command.ts';
import type { Use } from './use.ts';

/** The task of a run that replies to another one, as its plan calls it. */
const REPLY = 'reply';

/** Says something to a run and prints its reply; to one that has ended, as a run of its own that is followed to its end. */
export async function sayToRun(
  desk: Desk,
  { run, text, approve }: Extract<Use, { verb: 'say' }>,
): Promise<Exit> {
  const saying = { id: desk.ids.next(), run, text, approve };
  const { stream } = await ask(desk, (calls) => calls.run.say(saying));
  if (stream !== runStream(run)) return followReply(desk, saying.id);
  const { state, task } = await replied(desk, { run, message: saying.id });
  return printReply(desk, { state, task });
}

/** What is not proven stands on no card: it is printed all the same, with what was found of it. */
async function followReply(desk: Desk, run: string): Promise<Exit> {
  const exit = await follow(desk, { run, report: null });
  const { state } = await ask(desk, (calls) => calls.run.get({ run }));
  const task = replyTo(state, REPLY);
  const isShown = state.artifacts.some((artifact) => artifact.task === task?.id);
  if (exit !== EXIT.waits && task !== undefined && !isShown) await printReply(desk, { state, task });
  return exit;
}

/** Waits until the message is replied to, or waits for a person. */
async function replied(
  { link, signal }: Desk,
  { run, message }: { readonly run: string; readonly message: string },
): Promise<{ readonly state: RunState; readonly task: TaskState }> {
  const over = new AbortController();
  let state: RunState | null = null;
  let task: TaskState | undefined;
  await watchRun(link, { id: run, after: null, signal: AbortSignal.any([signal, over.signal]) }, (news) => {
    state = applyNews(state, news);
    const said = state?.messages.find(({ id }) => id === message);
    task = state === null || said === undefined ? undefined : replyTo(state, said.task);
    const isUnderWay = ['queued', 'running', 'retrying'].includes(task?.status.name ?? 'queued');
    if (!isUnderWay || (state !== null && isHeld(state))) over.abort();
  });
  signal.throwIfAborted();
  if (state === null || task === undefined) throw new Error('a watch ended before it began');
  return { state, task };
}

function isHeld({ status }: RunState): boolean {
  return status.name === 'paused' || status.name === 'interrupted';
}

const Spoken = z.looseObject({ reply: z.string() });

async function printReply(
  desk: Desk,
  { state, task }: { readonly state: RunState; readonly task: TaskState },
): Promise<Exit> {
  const { speech } = desk;
  const { execute } = task.steps;
  if (execute.status !== 'done' || execute.output === null) {
    if (task.status.name === 'failed') speech.sayFault(task.status.fault);
    else speech.say(speech.translator.t('terminal.noReplyYet', { run: state.id }));
    return task.status.name === 'failed' ? EXIT.ended : EXIT.waits;
  }
  const content = execute.output;
  const { text } = await ask(desk, (calls) => calls.content.get({ content }));
  const spoken = Spoken.safeParse(JSON.parse(text));
  if (!spoken.success) {
    speech.say(speech.translator.t('terminal.noReplyYet', { run: state.id }));
    return EXIT.waits;
  }
  speech.answer(printable(spoken.data.reply));
  for (const { claim, verdict } of task.evidence)
    speech.answer(
      speech.translator.t('terminal.quoted', {
        place: `${printable(claim.citation.path)}:${claim.citation.line}`,
        text: printable(claim.text),
        checked: verdict.checked ? 'yes' : 'no',
      }),
    );
  return EXIT.done;
}
