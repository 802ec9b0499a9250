import { FaultError } from '../event/fault-error.ts';
import { type DocumentFrame, encodeFrame, FrameReader } from './frame.ts';
import { OpenCanvas } from './open-canvas.ts';

/** The documents' side of a pipe: whole messages, in order. */
export interface FramePort {
  send(frame: Uint8Array): void;
  /** Returns the function that ends the listening. */
  onFrame(listener: (frame: Uint8Array) => void): () => void;
}

export interface CanvasClientOptions {
  readonly port: FramePort;
  /** A clock in milliseconds that only grows, such as `performance.now`; it groups edits into steps of undo. */
  readonly now: () => number;
  /** Told about a message that is no frame; the client goes on. */
  readonly onDamaged?: (fault: FaultError) => void;
}

interface Held {
  readonly canvas: OpenCanvas;
  holders: number;
}

/**
 * A window's side of the hub: opens documents over one pipe, sends local edits, takes in others', and after a break brings
 * both sides together again by what each lacks. No local edit is lost by a break.
 */
export class CanvasClient {
  readonly #options: CanvasClientOptions;
  readonly #held = new Map<string, Held>();
  #port: FramePort | undefined;
  #stop: () => void = () => {};

  constructor(options: CanvasClientOptions) {
    this.#options = options;
    this.connect(options.port);
  }

  /** The document, the same one for as long as anybody holds it. Each holder calls `close` once. */
  open(document: string): OpenCanvas {
    const held = this.#held.get(document);
    if (held !== undefined) {
      held.holders += 1;
      return held.canvas;
    }
    const canvas = new OpenCanvas({
      document,
      now: this.#options.now,
      send: (frame) => this.#send(frame),
      release: () => this.#release(document),
    });
    this.#held.set(document, { canvas, holders: 1 });
    canvas.join();
    return canvas;
  }

  /** Goes on over another pipe, after the former one broke. */
  connect(port: FramePort): void {
    this.disconnect();
    this.#port = port;
    const reader = new FrameReader();
    this.#stop = port.onFrame((message) => {
      const frame = this.#read(reader, message);
      if (frame !== undefined) this.#take(frame);
    });
    for (const { canvas } of this.#held.values()) canvas.join();
  }

  /** Lets the pipe go; edits are kept and sent after the next `connect`. */
  disconnect(): void {
    this.#stop();
    this.#stop = () => {};
    this.#port = undefined;
    for (const { canvas } of this.#held.values()) canvas.leave();
  }

  #read(reader: FrameReader, message: Uint8Array): DocumentFrame | undefined {
    try {
      return reader.read(message);
    } catch (error) {
      if (error instanceof FaultError) this.#options.onDamaged?.(error);
      // What was lost is not known, so both sides compare all they have.
      for (const { canvas } of this.#held.values()) canvas.join();
      return undefined;
    }
  }

  #take(frame: DocumentFrame): void {
    switch (frame.kind) {
      case 'hello':
        for (const { canvas } of this.#held.values()) canvas.join();
        return;
      case 'gone':
        for (const { canvas } of this.#held.values()) canvas.leave();
        return;
      default:
        this.#held.get(frame.document)?.canvas.take(frame);
    }
  }

  #send(frame: DocumentFrame): void {
    const port = this.#port;
    if (port !== undefined) for (const message of encodeFrame(frame)) port.send(message);
  }

  #release(document: string): boolean {
    const held = this.#held.get(document);
    if (held === undefined) return false;
    held.holders -= 1;
    if (held.holders > 0) return false;
    this.#held.delete(document);
    this.#send({ kind: 'unsubscribe', document });
    return true;
  }
}
