import { type CanvasSnapshot, encodeFrame, type FramePort } from '@soma/schemas/canvas';
import { FaultError } from '@soma/schemas/event';
import type { DocumentAddress, HubMember, MutateAnswer, MutateRequest } from '../port/index.ts';
import type { ClosableHub } from './serve-hub.ts';
import { answers, FromHub, type HubPort, type ToHub, type Verb } from './wire.ts';

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: FaultError) => void;
}

/** A hub elsewhere, which can be asked whether it still takes its turns: `beat` is answered as soon as it does. */
export interface ServedHub extends ClosableHub {
  beat(): Promise<void>;
}

function unreachable(): FaultError {
  return new FaultError('HOST_UNREACHABLE', { part: 'hub' }, { when: 'now' });
}

/**
 * The hub of another process or thread. When that ends, whatever was asked rejects with HOST_UNREACHABLE and connected windows are
 * told that the hub is gone; the owner may start another and connect the windows to it, which then send what they kept.
 */
class RemoteHub implements ServedHub {
  readonly #port: HubPort;
  readonly #calls = new Map<number, Call>();
  readonly #windows = new Map<number, FramePort>();
  #numbers = 0;
  #gone = false;

  constructor(port: HubPort) {
    this.#port = port;
    port.onMessage((message) => {
      const parsed = FromHub.safeParse(message);
      if (parsed.success) this.#take(parsed.data);
    });
    port.onClose(() => this.#lose());
  }

  connect(port: FramePort, { scope, author }: HubMember): () => void {
    this.#numbers += 1;
    const connection = this.#numbers;
    if (this.#gone) {
      this.#tellGone(port);
      return () => {};
    }
    this.#windows.set(connection, port);
    this.#say({ type: 'connect', connection, scope, author });
    const stop = port.onFrame((frame) => this.#say({ type: 'frame', connection, frame }));
    return () => {
      stop();
      if (this.#windows.delete(connection)) this.#say({ type: 'disconnect', connection });
    };
  }

  async mutate(request: MutateRequest): Promise<MutateAnswer> {
    return answers.mutate.parse(await this.#ask('mutate', request));
  }

  async probe(request: DocumentAddress & { readonly key: string }): Promise<boolean> {
    return answers.probe.parse(await this.#ask('probe', request));
  }

  async undoAll(
    request: DocumentAddress & { readonly author: string; readonly redo?: boolean | undefined },
  ): Promise<{ readonly changed: boolean }> {
    return answers.undoAll.parse(await this.#ask('undoAll', request));
  }

  async snapshot(request: DocumentAddress): Promise<CanvasSnapshot> {
    return answers.snapshot.parse(await this.#ask('snapshot', request));
  }

  async beat(): Promise<void> {
    await this.#ask('beat', {});
  }

  async close(): Promise<void> {
    await this.#ask('close', {});
  }

  #ask(verb: Verb, request: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#gone) {
        reject(unreachable());
        return;
      }
      this.#numbers += 1;
      this.#calls.set(this.#numbers, { resolve, reject });
      this.#say({ type: 'ask', call: this.#numbers, verb, request });
    });
  }

  #say(message: ToHub): void {
    if (!this.#gone) this.#port.postMessage(message);
  }

  #take(message: FromHub): void {
    if (message.type === 'frame') {
      this.#windows.get(message.connection)?.send(message.frame);
      return;
    }
    const call = this.#calls.get(message.call);
    this.#calls.delete(message.call);
    if (message.type === 'answer') call?.resolve(message.value);
    else call?.reject(new FaultError(message.fault.code, message.fault.data, message.fault.retry));
  }

  #lose(): void {
    this.#gone = true;
    for (const { reject } of this.#calls.values()) reject(unreachable());
    this.#calls.clear();
    for (const port of this.#windows.values()) this.#tellGone(port);
    this.#windows.clear();
  }

  #tellGone(port: FramePort): void {
    for (const message of encodeFrame({ kind: 'gone' })) port.send(message);
  }
}

/** A hub served by `serveHub` at the other end of the channel. */
export function connectHub(port: HubPort): ServedHub {
  return new RemoteHub(port);
}
