import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { systemClock } from '@soma/agent-core/adapter/system';
import type { Artifact } from '@soma/schemas/event';
import { RunReport, type RunState } from '@soma/schemas/run';
import { answerText } from './answer.ts';
import { askAll } from './approval.ts';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { followRun } from './follow.ts';
import { printable } from './printable.ts';
import { progressLines } from './progress.ts';
import type { Use } from './use.ts';

type Run = Extract<Use, { verb: 'run' }>;
type Resume = Extract<Use, { verb: 'resume' }>;

/** Starts a run and follows it to its end. */
export async function runGoal(desk: Desk, use: Run): Promise<Exit> {
  const { speech, ids, startedIn } = desk;
  const report = use.json === null ? null : resolve(startedIn, use.json);
  if (report !== null && !isWritable(report)) {
    speech.say(speech.translator.t('terminal.wrong.json', { given: report }));
    return EXIT.wrongUse;
  }
  const granting = { id: ids.next(), path: resolve(startedIn, use.folder) };
  const folder = await ask(desk, (calls) => calls.folder.grant(granting));
  const canvas = await canvasOf(desk, folder);
  const { goal: text, plan, slots, approve, fresh, priority, within } = use;
  const deadline = within === null ? {} : { deadline: minutesFromNow(within) };
  const where = { folder: folder.folder, canvas };
  const goal = { id: ids.next(), text, ...where, plan, slots, approve, fresh, priority, ...deadline };
  await ask(desk, (calls) => calls.goal.submit(goal));
  return follow(desk, { run: goal.id, report });
}

/** Goes on with a run that paused or was interrupted, and follows it to its end. */
export async function resumeRun(desk: Desk, { run, approve }: Resume): Promise<Exit> {
  const resuming = { id: desk.ids.next(), run, ...(approve === null ? {} : { approve }) };
  await ask(desk, (calls) => calls.run.resume(resuming));
  return follow(desk, { run, report: null });
}

/** Prints the run's id, then its progress, and what it came to; `report` is where to write it as JSON. */
export async function follow(
  desk: Desk,
  { run, report }: { run: string; report: string | null },
): Promise<Exit> {
  const { link, speech, ids, signal } = desk;
  const { translator } = speech;
  speech.answer(translator.t('terminal.run', { run }));
  const { state, outcome, open } = await followRun(
    link,
    { run, signal },
    {
      onState: (before, after) => {
        for (const line of progressLines(before, after, translator)) speech.say(line);
      },
      ask: (questions, until) => {
        if (!speech.canAsk) return Promise.resolve(false);
        if (questions.run !== run)
          speech.say(translator.t('terminal.approval.startedBy', { run: questions.run }));
        return askAll(desk, questions, until);
      },
    },
  );
  if (outcome === 'waits') {
    const pausing = { id: ids.next(), run };
    if (state.status.name === 'running') await ask(desk, (calls) => calls.run.pause(pausing));
    if (state.status.name === 'paused' && state.status.fault !== null) speech.sayFault(state.status.fault);
    speech.say(translator.t('terminal.waits', { run, approvals: open }));
    return EXIT.waits;
  }
  await printAnswer(desk, state);
  if (
    report !== null &&
    !writeReport(report, (await ask(desk, (calls) => calls.run.report({ run }))).report)
  ) {
    speech.say(translator.t('terminal.reportNotWritten', { file: printable(report) }));
    return EXIT.setUp;
  }
  return state.status.name === 'ended' && state.status.state === 'verified' ? EXIT.verified : EXIT.ended;
}

/** Prints what a run made so far, in the order of its plan whatever was done first. */
export async function printAnswer(desk: Desk, state: RunState): Promise<void> {
  const { speech } = desk;
  const artifacts: Artifact[] = [];
  const place = new Map(state.tasks.map(({ id }, index) => [id, index]));
  const placeOf = ({ task }: { task: string }) => place.get(task) ?? place.size;
  for (const { id } of state.artifacts.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const { artifact } = await ask(desk, (calls) => calls.run.artifact({ run: state.id, artifact: id }));
    artifacts.push(artifact);
  }
  speech.answer(answerText(state, artifacts, speech.translator));
}

/** The canvas of the folder: the first there is, or a new one with the folder's name. */
async function canvasOf(desk: Desk, { folder, path }: { folder: string; path: string }): Promise<string> {
  for await (const news of await desk.link.current().workspace.watch({})) {
    const found =
      news.type === 'snapshot'
        ? news.workspace.canvases.find((canvas) => canvas.folder === folder)
        : undefined;
    if (found !== undefined) return found.id;
    break;
  }
  const canvas = { id: desk.ids.next(), title: (basename(path) || path).slice(0, 200), folder };
  await ask(desk, (calls) => calls.canvas.create(canvas));
  return canvas.id;
}

function minutesFromNow(minutes: number): string {
  return new Date(Date.parse(systemClock.now()) + minutes * 60_000).toISOString();
}

function isWritable(file: string): boolean {
  try {
    accessSync(dirname(file), constants.W_OK);
    return statSync(file, { throwIfNoEntry: false })?.isDirectory() !== true;
  } catch {
    return false;
  }
}

/** Afterwards the file holds the whole report (true) or what was there before (false). */
function writeReport(file: string, report: RunReport): boolean {
  const part = `${file}.${process.pid}.part`;
  try {
    writeFileSync(part, `${JSON.stringify(RunReport.parse(report), null, 2)}\n`);
    renameSync(part, file);
    return true;
  } catch {
    rmSync(part, { force: true });
    return false;
  }
}
