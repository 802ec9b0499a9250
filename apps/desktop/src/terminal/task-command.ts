import { Json } from '@soma/schemas/event';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { follow } from './run-command.ts';
import type { Use } from './use.ts';

type Of<Verb extends Use['verb']> = Extract<Use, { verb: Verb }>;

/** Lets a run rest at its next commit. */
export async function pauseRun(desk: Desk, run: string): Promise<Exit> {
  const pausing = { id: desk.ids.next(), run };
  await ask(desk, (calls) => calls.run.pause(pausing));
  desk.speech.answer(desk.speech.translator.t('terminal.paused', { run }));
  return EXIT.done;
}

/** Does a task again, with everything that needs it, and follows the run to its end. */
export async function retryTask(desk: Desk, { run, task }: { run: string; task: string }): Promise<Exit> {
  const again = { id: desk.ids.next(), run, task };
  await ask(desk, (calls) => calls.run.retryTask(again));
  const { state } = await ask(desk, (calls) => calls.run.get({ run }));
  if (state.status.name === 'paused' || state.status.name === 'interrupted') {
    const resuming = { id: desk.ids.next(), run };
    await ask(desk, (calls) => calls.run.resume(resuming));
  }
  return follow(desk, { run, report: null });
}

/** Leaves out a task that has not begun. */
export async function skipTask(desk: Desk, { run, task }: { run: string; task: string }): Promise<Exit> {
  const skipping = { id: desk.ids.next(), run, task };
  await ask(desk, (calls) => calls.run.skipTask(skipping));
  desk.speech.answer(desk.speech.translator.t('terminal.skipped', { task }));
  return EXIT.done;
}

/** Gives a task that has not begun other arguments. */
export async function editTask(desk: Desk, { run, task, given }: Of<'edit'>): Promise<Exit> {
  const { speech, ids } = desk;
  const read = parsed(given);
  if (read === undefined) {
    speech.say(speech.translator.t('terminal.wrong.arguments', { given }));
    return EXIT.wrongUse;
  }
  const editing = { id: ids.next(), run, task, arguments: read };
  await ask(desk, (calls) => calls.run.editTask(editing));
  speech.answer(speech.translator.t('terminal.edited', { task }));
  return EXIT.done;
}

function parsed(text: string): Json | undefined {
  try {
    return Json.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
