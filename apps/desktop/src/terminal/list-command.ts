import type { HostCalls } from '@soma/schemas/contract';
import { noteText } from '@soma/schemas/message';
import type { RunSummary } from '@soma/schemas/run';
import { sayAway } from './away.ts';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';
import { printAnswer } from './run-command.ts';
import type { Use } from './use.ts';

const PAGE = 200;

type RunPage = Extract<Awaited<ReturnType<HostCalls['run']['page']>>, { ok: true }>;

/** Prints every run, newest first: a line each, or all as one JSON array. */
export async function listRuns(desk: Desk, { json }: Extract<Use, { verb: 'runs' }>): Promise<Exit> {
  const { speech } = desk;
  const rows: RunSummary[] = [];
  let cursor: string | null = null;
  do {
    const asked = { cursor, limit: PAGE };
    const page: RunPage = await ask(desk, (calls) => calls.run.page(asked));
    rows.push(...page.runs);
    cursor = page.cursor;
  } while (cursor !== null);
  if (json) speech.answer(JSON.stringify(rows, null, 2));
  else for (const row of rows) speech.answer(rowText(row));
  if (!json && rows.length === 0) speech.say(speech.translator.t('terminal.noRuns'));
  if (!json) await sayAway(desk);
  return EXIT.done;
}

/** Prints how a run stands and what it made. */
export async function showRun(desk: Desk, run: string): Promise<Exit> {
  const { link, speech } = desk;
  const { translator } = speech;
  const { state, segments } = await ask(desk, (calls) => calls.run.get({ run }));
  const text = await link.current().content.get({ content: state.goal });
  speech.answer(translator.t('terminal.run', { run }));
  const goal = text.ok ? printable(text.text) : state.goal.hash;
  speech.answer(translator.t('terminal.show.goal', { goal, folder: printable(state.folder.path) }));
  const after = segments.at(-1);
  if (after !== undefined)
    speech.answer(translator.t('terminal.show.segments', { part: segments.length + 1, after }));
  for (const task of state.tasks) {
    const title = printable(task.title);
    speech.answer(translator.t('terminal.show.task', { title, state: task.status.name, task: task.id }));
    if (task.status.name === 'dropped')
      speech.answer(`    ${printable(noteText(translator, task.status.note))}`);
  }
  speech.answer('');
  await printAnswer(desk, state);
  return EXIT.done;
}

/** Ends a run where it stands. */
export async function stopRun(desk: Desk, run: string): Promise<Exit> {
  const { speech, ids } = desk;
  const stopping = { id: ids.next(), run };
  await ask(desk, (calls) => calls.run.stop(stopping));
  speech.answer(speech.translator.t('terminal.stopped', { run }));
  return EXIT.done;
}

/** Says what the host found damaged when it opened the data folder, and what became of it. */
export async function sayMended({ link, speech }: Desk): Promise<Exit> {
  for await (const news of await link.current().workspace.watch({})) {
    if (news.type !== 'snapshot') continue;
    const mended = news.faults.filter(({ code }) => code === 'DATABASE_DAMAGED');
    for (const one of mended) speech.sayFault(one);
    if (mended.length === 0) speech.say(speech.translator.t('terminal.notDamaged'));
    break;
  }
  return EXIT.done;
}

function rowText({ run, phase, submittedAt, folderPath, goal }: RunSummary): string {
  return [run, phase.padEnd(11), submittedAt, printable(folderPath), printable(goal)].join('  ');
}
