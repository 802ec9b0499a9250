import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { faultText } from '@soma/schemas/message';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';
import type { Use } from './use.ts';

/** Says of a plan file that it can be followed, or everything that is wrong with it, each with its line. */
export async function checkPlan(desk: Desk, { file }: Extract<Use, { verb: 'plan' }>): Promise<Exit> {
  const { speech, startedIn } = desk;
  const { translator } = speech;
  const source = textOf(resolve(startedIn, file));
  const { plan, faults } = await ask(desk, (calls) => calls.plan.check({ source }));
  if (plan !== null) speech.answer(translator.t('terminal.plan.good', { plan: printable(plan) }));
  for (const fault of faults) {
    const { cause } = faultText(translator, fault);
    const where = `${printable(file)}:${Number(fault.data['line'] ?? 1)}`;
    speech.answer(`${where}  ${fault.code}  ${printable(cause)}`);
  }
  return plan === null ? EXIT.ended : EXIT.done;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw cause === 'ENOENT'
      ? new FaultError('FILE_GONE', { path })
      : new FaultError('FILE_UNREADABLE', { path, cause });
  }
}
