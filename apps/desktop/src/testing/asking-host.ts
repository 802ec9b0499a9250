import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentFolder } from '@soma/agent-core/adapter/agent-files';
import { ContentFiles } from '@soma/agent-core/adapter/content-files';
import { createBackupList, makeBackup } from '@soma/agent-core/adapter/data-backup';
import { acquire, openDatabase } from '@soma/agent-core/adapter/data-folder';
import { PlanFolder } from '@soma/agent-core/adapter/plan-files';
import { createRulePolicy } from '@soma/agent-core/adapter/rules';
import { documentsSchema, SqliteDocuments } from '@soma/agent-core/adapter/sqlite-documents';
import { ledgerSchema, SqliteLedger } from '@soma/agent-core/adapter/sqlite-ledger';
import { createSqliteMemory, memorySchema } from '@soma/agent-core/adapter/sqlite-memory';
import { createIds, systemClock, systemHasher } from '@soma/agent-core/adapter/system';
import { createRunBoard } from '@soma/agent-core/adapter/tool-canvas';
import { fileRestorer } from '@soma/agent-core/adapter/tool-change';
import { createFolderTools, folderReader } from '@soma/agent-core/adapter/tool-folder';
import { createCallServer, listenOnSocketFile } from '@soma/agent-core/adapter/transport';
import { packagedAgentSources } from '@soma/agent-core/agent';
import { createHost, type HostParts } from '@soma/agent-core/host';
import type { Tool } from '@soma/agent-core/port';
import { LocalHub } from '@soma/agent-core/room';
import { z } from 'zod';
import { dataSchemas } from '../backup/schemas.ts';
import { KeptQueue } from '../composition/keep-queue.ts';
import type { Config } from '../config.ts';

/** A plan that writes two lines, each of which the policy asks about, after it has listed the files. */
export const WRITING_PLAN = `
schema: packaged-plan.v1
name: write-lines
version: 1.0.0
title: Write lines
description: Lists the files and writes a line twice.
examples: [write the lines]
rights: [read, write]
tasks:
  - { id: list, title: List, tool: list_files }
  - { id: first, title: First line, tool: append_line, after: [list], arguments: { line: one } }
  - { id: second, title: Second line, tool: append_line, after: [first], arguments: { line: two } }
`;

/** Writes a line to \`lines.txt\` of the run's folder: a tool that changes things, so that the policy asks. */
const appendLine: Tool = {
  describe: () => ({
    name: 'append_line',
    description: 'Appends a line to lines.txt.',
    risk: 'write',
    idempotency: 'neither',
    timeoutMs: 1000,
    outputLimitBytes: 1000,
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object' },
  }),
  call: async (input, { folder }) => {
    const { line } = z.object({ line: z.string() }).parse(input);
    appendFileSync(join(folder, 'lines.txt'), `${line}\n`);
    return { ok: true, output: {}, note: { code: 'read-file', data: {} } };
  },
  probe: async () => 'unknown',
};

function throwOn({ error }: { readonly error: unknown }): never {
  throw error;
}

function backupsOf(folder: string): Pick<HostParts, 'backUp' | 'backups'> {
  const place = { folder, schemas: dataSchemas, clock: systemClock };
  const list = createBackupList(place);
  return {
    backUp: ({ id, path: target }) => makeBackup({ ...place, target, id, product: '0.0.0' }),
    backups: async (asked) => ({ ...(await list(asked)), making: null }),
  };
}

/** A host on the socket file of a data folder that can do something the policy asks about. */
export async function openAskingHost({ dataFolder, person }: Config): Promise<{ close(): Promise<void> }> {
  const folder = acquire(dataFolder);
  if (!folder.owned) throw new Error('another process owns the data folder');
  const place = { folder: dataFolder, clock: systemClock, exit: folder.exit, whenLost: 'refuse' } as const;
  const ledgerFile = await openDatabase({ ...place, schema: ledgerSchema });
  const documents = await openDatabase({ ...place, schema: documentsSchema });
  const ledger = new SqliteLedger(ledgerFile, systemClock);
  const memory = createSqliteMemory(() => openDatabase({ ...place, schema: memorySchema }));
  const ids = createIds(systemClock);
  const local = { tenant: 'local', workspace: 'local' };
  const queue = new KeptQueue({ ...local, ledger, clock: systemClock, ids, report: throwOn });
  const hub = new LocalHub({ store: new SqliteDocuments(documents) });
  const host = await createHost({
    ...{
      store: ledger,
      runs: ledger.runs,
      content: new ContentFiles({ folder: join(dataFolder, 'content') }),
      memory,
    },
    ...{
      policy: createRulePolicy(systemHasher),
      tools: [...createFolderTools(), appendLine],
      plans: [WRITING_PLAN],
      ownPlans: new PlanFolder({ folder: join(dataFolder, 'plans'), clock: systemClock }),
      agents: packagedAgentSources,
      ownAgents: new AgentFolder({ folder: join(dataFolder, 'agents') }),
    },
    ...{ board: createRunBoard({ hub }), folders: folderReader, files: fileRestorer },
    ...{ clock: systemClock, ids },
    ...{
      hasher: systemHasher,
      ...{ ...local, person, version: '0.0.0', dataFolder },
      executions: join(dataFolder, 'commands'),
      queue,
      ...backupsOf(dataFolder),
      faults: () => [],
      onFaults: () => undefined,
    },
    ...{ soleWriter: true, parallelTasks: 2, parallelCalls: 8, onHandedOver: () => undefined },
    // The logs of its runs go on in further segments soon.
    segmentEvents: 20,
  });
  const calls = createCallServer(host.router, throwOn);
  const socket = join(dataFolder, 'host.sock');
  const listener = await listenOnSocketFile(socket, (pipe) => calls.connect(pipe, { scope: host.scope() }));
  await host.start();
  writeFileSync(join(dataFolder, 'host.json'), JSON.stringify({ pid: process.pid, socket }));
  return {
    close: async () => {
      await host.close('closing');
      await queue.close();
      await listener.close();
      await hub.close();
      documents.close();
      await memory.close();
      ledgerFile.close();
      folder.release();
    },
  };
}
