import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { createTranslator } from '@soma/schemas/message';
import type { Desk } from '../terminal/desk.ts';
import { openLink } from '../terminal/link.ts';
import type { Speech } from '../terminal/speech.ts';
import { readUse, type Use } from '../terminal/use.ts';
import { openAskingHost } from './asking-host.ts';
import { openSourceHost, testConfig, testFolder } from './source-host.ts';

/** What was printed, said beside it, and asked at a terminal. */
export interface Heard {
  readonly answers: string[];
  readonly said: string[];
  readonly asked: string[];
}

/** A person at a terminal who types these answers, or nobody. */
async function speechOf(typed: readonly string[] | null): Promise<{ speech: Speech; heard: Heard }> {
  const heard: Heard = { answers: [], said: [], asked: [] };
  const translator = await createTranslator();
  const speech: Speech = {
    translator,
    answer: (line) => void heard.answers.push(line),
    say: (line) => void heard.said.push(line),
    sayFault: (fault) => void heard.said.push(fault.code),
    canAsk: typed !== null,
    askSecret: async (question) => speech.ask(question, new AbortController().signal),
    ask: async (question) => {
      heard.asked.push(question);
      return typed?.[heard.asked.length - 1] ?? '';
    },
  };
  return { speech, heard };
}

/** A terminal in a folder of its own, with a folder `work` that holds a README.md of one title. */
export class TerminalDesks {
  readonly root: string;
  readonly #folder = testFolder();
  readonly #toClose: (() => Promise<void> | void)[] = [];

  constructor() {
    this.root = this.#folder.root;
    mkdirSync(join(this.root, 'work'));
    writeFileSync(join(this.root, 'work', 'README.md'), '# Title\n');
  }

  async close(): Promise<void> {
    await this.closeHosts();
    this.#folder.remove();
  }

  /** Ends every host and lets the data folder go; what it keeps stays. */
  async closeHosts(): Promise<void> {
    for (const close of this.#toClose.splice(0).reverse()) await close();
  }

  /** `source` is the product's own host; `asking` one whose tool writes lines into `work/lines.txt` and asks before each. */
  async open(
    kind: 'source' | 'asking',
    typed: readonly string[] | null = null,
  ): Promise<Desk & { heard: Heard }> {
    const config = testConfig(this.root);
    if (kind === 'source') {
      const { local } = await openSourceHost(config);
      this.#toClose.push(() => local.close('closing'));
    } else {
      const host = await openAskingHost(config);
      this.#toClose.push(() => host.close());
    }
    const link = await openLink({
      dataFolder: config.dataFolder,
      serve: 'not started here',
      beginAnew: false,
    });
    this.#toClose.push(() => link.close());
    const { speech, heard } = await speechOf(typed);
    const signal = new AbortController().signal;
    return { link, speech, heard, ids: createIds(systemClock), startedIn: this.root, signal };
  }
}

/** What was typed, understood as this verb. */
export function typed<Verb extends Use['verb']>(verb: Verb, ...args: string[]): Extract<Use, { verb: Verb }> {
  const use = readUse([verb, ...args]);
  if (use.verb !== verb) throw new Error(JSON.stringify(use));
  return use as Extract<Use, { verb: Verb }>;
}
