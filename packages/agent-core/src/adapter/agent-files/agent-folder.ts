import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, FaultError, fault } from '@soma/schemas/event';
import type { AgentFileRead, AgentFiles } from '../../port/index.ts';
import { isCode, throwFault } from '../data-folder/index.ts';
import { readText } from '../tool-folder/index.ts';

/** Most agent files that are read; more are listed and never used. A model that may choose is told of each. */
export const OWN_AGENT_LIMIT = 50;
/** Most files that are listed at all. */
const LISTED_LIMIT = 500;
/** Largest agent file in bytes: what the longest text of one can come to. */
const BYTE_LIMIT = 96_000;
/** What an agent file is called, and what is looked at because it may be meant as one. */
const NAME = /^[a-z][a-z0-9-]{0,63}\.md$/;
const MARKDOWN = /^[^.].*\.md$/i;

/** The folder of a person's own agents. It lies in the data folder: what a folder that is worked on holds is never an agent. */
export class AgentFolder implements AgentFiles {
  readonly #folder: string;

  constructor({ folder }: { readonly folder: string }) {
    this.#folder = folder;
  }

  async read(): Promise<readonly AgentFileRead[]> {
    const names = await this.#names();
    const root = names.length === 0 ? this.#folder : await realpath(this.#folder);
    return Promise.all(names.map((file, index) => this.#one(root, file, index)));
  }

  async #names(): Promise<readonly string[]> {
    try {
      const names = (await readdir(this.#folder)).filter((name) => MARKDOWN.test(name));
      return names.sort().slice(0, LISTED_LIMIT);
    } catch (error) {
      return isCode(error, 'ENOENT') ? [] : throwFault(error, { path: this.#folder });
    }
  }

  async #one(root: string, file: string, index: number): Promise<AgentFileRead> {
    const place = { file, path: join(this.#folder, file) };
    const unread = (problem: Fault): AgentFileRead => ({ ...place, fault: problem });
    if (!NAME.test(file)) return unread(fault('AGENT_INVALID', { where: 'file-name', what: file }));
    if (index >= OWN_AGENT_LIMIT) return unread(fault('AGENT_TOO_MANY', { limit: OWN_AGENT_LIMIT }));
    try {
      const { text, repaired } = await readText(root, file, BYTE_LIMIT);
      return repaired
        ? unread(fault('AGENT_INVALID', { where: 'encoding', what: file }))
        : { ...place, source: text };
    } catch (error) {
      if (error instanceof FaultError) return unread(error.fault);
      throw error;
    }
  }
}
