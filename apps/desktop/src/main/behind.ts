import { join } from 'node:path';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { createTranslator } from '@soma/schemas/message';
import { app, type BrowserWindow } from 'electron';
import {
  bundledAssets,
  bundledBackup,
  bundledFinder,
  bundledRunner,
  bundledTableReader,
} from '../composition/bundled-assets.ts';
import { type Claimed, takeOver } from '../composition/claim.ts';
import { createFaultLog } from '../composition/fault-log.ts';
import { openLocalHost } from '../composition/local-host.ts';
import type { Config } from '../config.ts';
import { createDesktop, type Desktop } from './desktop.ts';
import { systemVault } from './keychain.ts';
import { setMenu } from './menu.ts';
import { openOutside } from './platform.ts';
import { startHub } from './start-hub.ts';
import { startModel } from './start-model.ts';

/** What stands behind the windows. */
export interface Behind {
  readonly desktop: Desktop;
  /** Opens an address outside once a person has said yes. */
  readonly openOutside: (address: URL, window: BrowserWindow) => Promise<void>;
}

export interface BehindOptions {
  readonly config: Config;
  /** Absolute path of the folder of this bundle. */
  readonly bundle: string;
  readonly newWindow: () => void;
}

/** Opens the host and gives the app its menu. */
export async function openBehind({ config, bundle, newWindow }: BehindOptions): Promise<Behind> {
  const report = createFaultLog(config.dataFolder, { clock: systemClock, ids: createIds(systemClock) });
  process.on('uncaughtExceptionMonitor', (error) => report({ path: ['process'], error }));
  const translator = await createTranslator();
  let claimed: Claimed | undefined;
  const desktop = createDesktop({
    openHost: async (whenLost) => {
      // Claimed once however often the host must be tried.
      claimed ??= await takeOver(config.dataFolder);
      return openLocalHost({
        whenLost,
        claimed,
        config,
        sourceAssets: bundledAssets(bundle),
        findWorker: bundledFinder(bundle),
        tableWorker: bundledTableReader(bundle),
        backupWorker: bundledBackup(bundle),
        commandRunner: bundledRunner(bundle),
        version: app.getVersion(),
        report,
        startModel: () => startModel(join(bundle, 'model.js')),
        vault: systemVault(),
        startHub: (place) => startHub(join(bundle, 'hub.js'), place),
        onHandedOver: () => app.quit(),
      });
    },
    translator,
    report,
  });
  setMenu(translator, { newWindow });
  return { desktop, openOutside: (address, window) => openOutside(address, window, translator) };
}
