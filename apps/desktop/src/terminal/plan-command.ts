import { resolve } from 'node:path';
import type { Kept, ListedPlan } from '@soma/schemas/contract';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit, exitOf } from './exit.ts';
import { printable } from './printable.ts';
import { sayFaults, textOf } from './typed-file.ts';
import type { Use } from './use.ts';

type Plans = Extract<Use, { verb: 'plan' }>;

/** Lists plans, checks a plan file, keeps it as the person's own, or removes one of theirs. */
export function usePlans(desk: Desk, use: Plans): Promise<Exit> {
  switch (use.what) {
    case 'list':
      return listPlans(desk);
    case 'check':
      return checkPlan(desk, use.file);
    case 'add':
      return addPlan(desk, use.file);
    case 'remove':
      return removePlan(desk, use.plan);
    default:
      return use satisfies never;
  }
}

/** A line a plan: name, version, whose it is, title; below one that is not used, why. */
async function listPlans(desk: Desk): Promise<Exit> {
  const { plans } = await ask(desk, (calls) => calls.plan.list({}));
  const width = Math.max(...plans.map(({ name }) => name.length));
  for (const plan of plans) {
    desk.speech.answer(lineOf(desk, plan, width));
    sayFaults(desk, plan.path ?? plan.name, plan.faults);
  }
  return EXIT.done;
}

function lineOf({ speech: { translator } }: Desk, plan: ListedPlan, width: number): string {
  const origin = plan.faults.length > 0 ? 'broken' : plan.own ? 'own' : 'packaged';
  const line = translator.t('terminal.plan.listed', {
    name: printable(plan.name).padEnd(width),
    version: plan.version ?? '-',
    origin: translator.t(`terminal.plan.${origin}`).padEnd(8),
    title: printable(plan.title ?? ''),
  });
  return line.trimEnd();
}

/** Says of a plan file that it can be followed, or everything that is wrong with it, each with its line. */
async function checkPlan(desk: Desk, file: string): Promise<Exit> {
  const { speech, startedIn } = desk;
  const source = textOf(resolve(startedIn, file));
  const { plan, faults } = await ask(desk, (calls) => calls.plan.check({ source }));
  if (plan !== null) speech.answer(speech.translator.t('terminal.plan.good', { plan: printable(plan) }));
  sayFaults(desk, file, faults);
  return plan === null ? EXIT.ended : EXIT.done;
}

async function addPlan(desk: Desk, file: string): Promise<Exit> {
  const { speech, startedIn, ids } = desk;
  const command = { id: ids.next(), source: textOf(resolve(startedIn, file)) };
  const { kept } = await ask(desk, async (calls) => {
    const answer: Kept = await calls.plan.keep(command);
    const isPassing = !answer.ok && exitOf(answer.fault) === EXIT.setUp;
    return isPassing ? answer : { ok: true as const, kept: answer };
  });
  if (!kept.ok) {
    sayFaults(desk, file, kept.faults);
    return EXIT.ended;
  }
  const [plan, path] = [printable(kept.plan), printable(kept.path)];
  speech.answer(speech.translator.t('terminal.plan.kept', { plan, path }));
  return EXIT.done;
}

async function removePlan(desk: Desk, plan: string): Promise<Exit> {
  const { speech, ids } = desk;
  const command = { id: ids.next(), plan };
  const { path } = await ask(desk, (calls) => calls.plan.forget(command));
  const said = { plan: printable(plan), path: printable(path) };
  speech.answer(speech.translator.t('terminal.plan.removed', said));
  return EXIT.done;
}
