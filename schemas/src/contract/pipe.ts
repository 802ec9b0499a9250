import type { Duplex } from './duplex.ts';
import { type FlowDuplex, withFlow } from './flow.ts';

/** A message port as browsers and Node's workers have it. */
export interface EventPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** A message port as Electron's main process has it. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** A WebSocket that is open already, a browser's or the `ws` package's. */
export interface EventSocket {
  binaryType: string;
  readonly readyState: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

const SOCKET_OPEN = 1;

/** One end of a message channel as a pipe. The other end's close, or its process ending, closes it. */
export function portPipe(port: EventPort | EmitterPort): FlowDuplex {
  const closing = closedOnce();
  // Node's own ports have both ways; only the browser's gives them an event with `data`.
  if ('addEventListener' in port) port.addEventListener('close', closing.happened);
  else port.on('close', closing.happened);
  return withFlow({
    send: (message) => {
      if (!closing.done()) port.postMessage(typeof message === 'string' ? message : exact(message));
    },
    onMessage: (listener) => {
      const heard = (event: { readonly data: unknown }) => deliver(event.data, listener);
      if ('addEventListener' in port) port.addEventListener('message', heard);
      else port.on('message', heard);
      port.start();
      return () => undefined;
    },
    onClose: closing.onClose,
    close: () => {
      port.close();
      closing.happened();
    },
  });
}

/** An open WebSocket as a pipe: text frames and binary frames are its messages. */
export function socketPipe(socket: EventSocket): FlowDuplex {
  const closing = closedOnce();
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('close', closing.happened);
  return withFlow({
    send: (message) => {
      if (socket.readyState === SOCKET_OPEN)
        socket.send(typeof message === 'string' ? message : owned(message));
    },
    onMessage: (listener) => {
      socket.addEventListener('message', (event) => deliver(event.data, listener));
      return () => undefined;
    },
    onClose: closing.onClose,
    close: () => {
      socket.close();
      closing.happened();
    },
  });
}

/** Anything but text and bytes is not a message, so whoever sent it is not heard. */
function deliver(data: unknown, listener: (message: string | Uint8Array) => void): void {
  if (typeof data === 'string' || data instanceof Uint8Array) listener(data);
  else if (data instanceof ArrayBuffer) listener(new Uint8Array(data));
}

/** A part of a larger buffer would be cloned with all of it. */
function exact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

function closedOnce(): Pick<Duplex, 'onClose'> & { happened: () => void; done: () => boolean } {
  const listeners = new Set<() => void>();
  let closed = false;
  return {
    done: () => closed,
    happened: () => {
      if (closed) return;
      closed = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
    onClose: (listener) => {
      if (closed) listener();
      else listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
