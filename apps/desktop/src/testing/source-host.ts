import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquire } from '@soma/agent-core/adapter/data-folder';
import type { Vault } from '@soma/agent-core/adapter/secrets';
import { commandRunner } from '@soma/agent-core/adapter/tool-command';
import { findWorker } from '@soma/agent-core/adapter/tool-find';
import { sourceAssets } from '@soma/agent-core/adapter/tool-source';
import { tableWorker } from '@soma/agent-core/adapter/tool-table';
import { backupWorker } from '../backup/start-backup.ts';
import { type Claimed, takeOver } from '../composition/claim.ts';
import type { HubRun } from '../composition/kept-hub.ts';
import { type LocalHost, openLocalHost, type WhenLost } from '../composition/local-host.ts';
import { type Config, readConfig } from '../config.ts';
import type { HubPlace } from '../hub/greeting.ts';
import { startHub } from '../serve/start-hub.ts';
import { startModel } from '../serve/start-model.ts';

/** The product's host in this process, run from its sources, on a data folder of its own. */
export interface SourceHost {
  readonly config: Config;
  readonly local: LocalHost;
  /** Every run of the hub's thread so far, the newest last. */
  readonly hubs: readonly HubRun[];
  /** How often another process asked for the folder. */
  readonly handedOver: () => number;
}

export function testConfig(root: string, runtimeFolder = join(root, 'runtime')): Config {
  return {
    dataFolder: join(root, 'data'),
    runtimeFolder,
    startedIn: root,
    person: { id: 'local', name: 'P' },
    ownEnvironment: readConfig().ownEnvironment,
  };
}

/** A folder for one test and how to remove it. */
export function testFolder(): { root: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'soma-app-'));
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export async function openSourceHost(
  config: Config,
  take: 'acquire' | 'take-over' = 'acquire',
  { whenLost = 'refuse', vault = null }: { readonly whenLost?: WhenLost; readonly vault?: Vault | null } = {},
): Promise<SourceHost> {
  const hubs: HubRun[] = [];
  let asked = 0;
  const claimed = take === 'acquire' ? claim(config) : await takeOver(config.dataFolder);
  const local = await openLocalHost({
    claimed,
    config,
    whenLost,
    version: '0.0.0',
    report: ({ error }) => {
      throw error;
    },
    sourceAssets: sourceAssets(),
    commandRunner,
    findWorker,
    tableWorker,
    backupWorker,
    startModel: () => startModel(join(import.meta.dirname, '..', 'model', 'child.ts')),
    vault,
    startHub: async (place: HubPlace) => {
      const run = await startHub(join(import.meta.dirname, '..', 'hub', 'worker.ts'), place);
      hubs.push(run);
      return run;
    },
    onHandedOver: () => {
      asked += 1;
    },
  }).catch((error: unknown) => {
    claimed.folder.release();
    throw error;
  });
  return { config, local, hubs, handedOver: () => asked };
}

function claim(config: Config): Claimed {
  const folder = acquire(config.dataFolder);
  if (!folder.owned) throw new Error('another process owns the data folder');
  return { folder, handedOver: [] };
}
