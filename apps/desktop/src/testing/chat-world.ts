import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint, type ScriptedEndpointOptions } from '@soma/agent-core/testing/scripted-endpoint';
import {
  type AddedModel,
  type FlowDuplex,
  type HostCalls,
  hostCalls,
  type ModelToAdd,
  type WorkspaceNews,
} from '@soma/schemas/contract';
import { findHost } from '../composition/find-host.ts';
import { openSourceHost, type SourceHost, testConfig, testFolder } from './source-host.ts';
import { TestVault } from './test-vault.ts';

/** A key as a person has it. */
export const KEY = 'sk-planted-51d7ae02f9c34b66';
/** How long an examination is followed, in milliseconds. */
const LIMIT_MS = 20_000;

/** Hosts on one data folder, one after the other, with servers to add models of and a keychain. */
export class ChatWorld {
  readonly vault = new TestVault();
  readonly #folder = testFolder();
  readonly #hosts: SourceHost[] = [];
  readonly #pipes: FlowDuplex[] = [];
  readonly #servers: ScriptedEndpoint[] = [];

  get root(): string {
    return this.#folder.root;
  }

  async close(): Promise<void> {
    await this.ended();
    for (const server of this.#servers) await server.close();
    this.#folder.remove();
  }

  async ended(): Promise<void> {
    for (const pipe of this.#pipes.splice(0)) pipe.close();
    for (const host of this.#hosts.splice(0)) await host.local.close('closing');
  }

  async started(keychain: TestVault | null = this.vault): Promise<HostCalls> {
    this.#hosts.push(await openSourceHost(testConfig(this.root), 'acquire', { vault: keychain }));
    const pipe = await findHost(join(this.root, 'data'));
    if (pipe === null) throw new Error('no host answers');
    this.#pipes.push(pipe);
    return hostCalls(pipe);
  }

  /** A server that passes the examination and wants the key, unless told otherwise. */
  async server(
    options: ScriptedEndpointOptions = { otherwise: examStudent(), key: KEY },
  ): Promise<ScriptedEndpoint> {
    const server = await new ScriptedEndpoint(options).open();
    this.#servers.push(server);
    return server;
  }

  /** The model once its examination is over, and all that was told meanwhile. */
  async examined(calls: HostCalls, added: string): Promise<{ model: AddedModel; told: WorkspaceNews[] }> {
    const over = new AbortController();
    const told: WorkspaceNews[] = [];
    const timer = setTimeout(() => over.abort(), LIMIT_MS);
    let model: AddedModel | undefined;
    const watch = await calls.workspace.watch({}, { signal: over.signal });
    const begun = await calls.chat.examine({ id: `examine-${added}`, added });
    if (!begun.ok) throw new Error(begun.fault.code);
    for await (const news of watch) {
      told.push(news);
      if (news.type !== 'chat') continue;
      model = news.chat.find(({ id }) => id === added);
      if (model?.exam.running === null && model.exam.result !== null) break;
    }
    clearTimeout(timer);
    if (model === undefined) throw new Error('nothing was told of the model');
    return { model, told };
  }

  /** Every file that holds the text, of everything that is kept. */
  holding(text: string): string[] {
    return readdirSync(this.root, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const path = join(this.root, name);
      return statSync(path).isFile() && readFileSync(path).includes(text);
    });
  }
}

/** A model of a server, with the key for the session. */
export function at(
  { address }: ScriptedEndpoint,
  change: Partial<Extract<ModelToAdd, { from: 'endpoint' }>> = {},
): ModelToAdd {
  const usual = { from: 'endpoint', endpoint: 'other', address, model: 'scripted-1' } as const;
  return { ...usual, key: KEY, keep: 'session', ...change };
}
