import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { acquire } from '@soma/agent-core/adapter/data-folder';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { faultOf } from '@soma/agent-core/adapter/transport';
import type { Fault } from '@soma/schemas/event';
import { createTranslator, faultText } from '@soma/schemas/message';
import manifest from '../../package.json' with { type: 'json' };
import {
  bundledAssets,
  bundledBackup,
  bundledFinder,
  bundledRunner,
  bundledTableReader,
} from '../composition/bundled-assets.ts';
import { createFaultLog } from '../composition/fault-log.ts';
import { type LocalHost, openLocalHost } from '../composition/local-host.ts';
import { readConfig } from '../config.ts';
import { type Browsers, createBrowsers, createServeRouter } from './browsers.ts';
import { joinHost } from './join.ts';
import { watchLife } from './life.ts';
import { startHub } from './start-hub.ts';
import { startModel } from './start-model.ts';

/** How long, in milliseconds, a host that was started in the background stays without a client or a run at work. */
const IDLE_MS = 30_000;
/** How long, in milliseconds, the answer to whoever takes over may need to get there. */
const ANSWERED_MS = 200;
const SET_UP_FAILED = 4;
/** The heap grows by so many percent beyond what is in use before it is cleared; by itself it may come to four times as much. */
const HEAP_GROWTH = 30;

const isDetached = process.argv.includes('--detached');
/** A person asked for it, after the damage was told. */
const whenLost = process.argv.includes('--begin-anew') ? 'begin-anew' : 'refuse';
const config = readConfig();
const translator = await createTranslator();
const report = createFaultLog(config.dataFolder, { clock: systemClock, ids: createIds(systemClock) });
let left = false;
setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
process.on('uncaughtExceptionMonitor', (error) => report({ path: ['process'], error }));

try {
  await serve();
} catch (error) {
  fail(faultOf(error, ['serve'], report));
}

async function serve(): Promise<void> {
  const folder = acquire(config.dataFolder);
  if (!folder.owned) {
    // Whoever started this one in the background finds the other by itself.
    if (!isDetached) await joinHost(config.dataFolder, announce);
    return;
  }
  const page = join(import.meta.dirname, '..', 'renderer');
  const browsers: Browsers = createBrowsers({
    local: () => local,
    page,
    refusal: translator.t('serve.refused'),
    report,
  });
  const local: LocalHost = await openLocalHost({
    claimed: { folder, handedOver: [] },
    whenLost,
    config,
    version: manifest.version,
    report,
    sourceAssets: bundledAssets(import.meta.dirname),
    findWorker: bundledFinder(import.meta.dirname),
    tableWorker: bundledTableReader(import.meta.dirname),
    backupWorker: bundledBackup(import.meta.dirname),
    commandRunner: bundledRunner(import.meta.dirname),
    startModel: () => startModel(join(import.meta.dirname, 'model.js')),
    vault: null,
    startHub: (place) => startHub(join(import.meta.dirname, 'hub.js'), place),
    // The answer leaves first: it names the runs to go on with.
    onHandedOver: () => void setTimeout(() => void leave(local, browsers, 'hand-over'), ANSWERED_MS),
    extras: createServeRouter(browsers),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void leave(local, browsers, 'closing'));
  }
  if (isDetached) {
    const isNeeded = () => local.clients() + browsers.clients() > 0 || local.host.hasActiveRuns();
    watchLife({ isNeeded, idleMs: IDLE_MS, onIdle: () => void leave(local, browsers, 'closing') });
    process.send?.({ type: 'ready' });
  } else {
    announce(await browsers.address());
  }
}

/** Lets everything go, in the order in which others need it, and ends the process. */
async function leave(local: LocalHost, browsers: Browsers, reason: 'closing' | 'hand-over'): Promise<void> {
  if (left) return;
  left = true;
  await browsers.close();
  await local.close(reason);
  process.exit(0);
}

/** The one line of stdout. */
function announce(url: string): void {
  process.stdout.write(`${translator.t('serve.open', { url })}\n`);
}

function fail(problem: Fault): never {
  process.send?.({ type: 'fault', fault: problem });
  const { title, code, cause, effect, next } = faultText(translator, problem);
  process.stderr.write(`${translator.t('terminal.fault', { title, code, cause, effect, next })}\n`);
  process.exit(SET_UP_FAILED);
}
