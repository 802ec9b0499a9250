import { join } from 'node:path';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { PROTOCOL } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { createTranslator } from '@soma/schemas/message';
import { readConfig } from '../config.ts';
import { useAgents } from './agent-command.ts';
import { useBudget } from './budget-command.ts';
import { backUpData, restoreData, takeDataBack } from './data-command.ts';
import { ask, type Desk } from './desk.ts';
import { EXIT, exitOf } from './exit.ts';
import { forkRun, showHistory } from './fork-command.ts';
import type { HouseUse } from './house-use.ts';
import { openLink } from './link.ts';
import { listRuns, sayMended, showRun, stopRun } from './list-command.ts';
import { forgetClaims, recallClaims } from './memory-command.ts';
import { useModels } from './model-command.ts';
import { usePlans } from './plan-command.ts';
import { useQueue } from './queue-command.ts';
import { resumeRun, runGoal } from './run-command.ts';
import { sayToRun } from './say-command.ts';
import { createSpeech } from './speech.ts';
import { editTask, pauseRun, retryTask, skipTask } from './task-command.ts';
import { undoRun } from './undo-command.ts';
import { readUse, type Use } from './use.ts';

/** Ended by Ctrl-C or a signal, as shells count it. */
const SIGNALLED = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const config = readConfig();
const speech = createSpeech(await createTranslator());
const { translator } = speech;
const leaving = new AbortController();
const code = await main();
// What was written is out before the process ends, and no pipe that is still closing keeps it.
process.stdout.write('', () => process.exit(code));

async function main(): Promise<number> {
  const use = readUse(process.argv.slice(2));
  if (use.verb === 'wrong') {
    speech.say(translator.t(`terminal.wrong.${use.key}`, use.data));
    speech.say(translator.t('terminal.usage'));
    return EXIT.wrongUse;
  }
  if (use.verb === 'help') {
    speech.answer(translator.t('terminal.usage'));
    return EXIT.done;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => leaving.abort(signal));
  try {
    if (use.verb === 'restore') return await restoreData(speech, use, config);
    if (use.verb === 'downgrade') return await takeDataBack(speech, use, config);
    return await serveUse(use);
  } catch (error) {
    if (leaving.signal.aborted) return left(leaving.signal.reason as keyof typeof SIGNALLED);
    if (!(error instanceof FaultError)) throw error;
    speech.sayFault(error.fault);
    return exitOf(error.fault);
  }
}

async function serveUse(use: Exclude<Use, { verb: 'help' | 'restore' | 'downgrade' }>): Promise<number> {
  const link = await openLink({
    dataFolder: config.dataFolder,
    serve: join(import.meta.dirname, 'serve.js'),
    beginAnew: use.verb === 'begin-anew',
  });
  try {
    const { startedIn } = config;
    const desk: Desk = { link, speech, ids: createIds(systemClock), startedIn, signal: leaving.signal };
    await ask(desk, (calls) => calls.host.describe({ protocol: PROTOCOL }));
    switch (use.verb) {
      case 'run':
        return await runGoal(desk, use);
      case 'resume':
        return await resumeRun(desk, use);
      case 'runs':
        return await listRuns(desk, use);
      case 'show':
        return await showRun(desk, use.run);
      case 'stop':
        return await stopRun(desk, use.run);
      case 'say':
        return await sayToRun(desk, use);
      case 'pause':
        return await pauseRun(desk, use.run);
      case 'retry':
        return await retryTask(desk, use);
      case 'skip':
        return await skipTask(desk, use);
      case 'edit':
        return await editTask(desk, use);
      case 'fork':
        return await forkRun(desk, use);
      case 'recall':
        return await recallClaims(desk, use);
      case 'forget':
        return await forgetClaims(desk, use);
      case 'history':
        return await showHistory(desk, use);
      case 'undo':
        return await undoRun(desk, use);
      default:
        return await useHouse(desk, use);
    }
  } finally {
    link.close();
  }
}

/** What is asked about the house rather than about runs. */
async function useHouse(
  desk: Desk,
  use: Exclude<HouseUse, { verb: 'restore' | 'downgrade' }>,
): Promise<number> {
  switch (use.verb) {
    case 'plan':
      return usePlans(desk, use);
    case 'agent':
      return useAgents(desk, use);
    case 'model':
      return useModels(desk, use);
    case 'queue':
      return useQueue(desk, use);
    case 'budget':
      return useBudget(desk, use);
    case 'backup':
      return backUpData(desk, use);
    case 'begin-anew':
      return sayMended(desk);
    default:
      return use satisfies never;
  }
}

function left(signal: keyof typeof SIGNALLED): number {
  speech.say(translator.t('terminal.left'));
  return SIGNALLED[signal];
}
