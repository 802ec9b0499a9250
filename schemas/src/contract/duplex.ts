/**
 * One pipe between a host and a client, whatever carries it. Text messages are contract calls, binary messages are document
 * frames; so one window needs one port. Messages arrive whole and in order, or the pipe is closed.
 */
export interface Duplex {
  send(message: string | Uint8Array): void;
  /** Returns the function that ends the listening. */
  onMessage(listener: (message: string | Uint8Array) => void): () => void;
  /** Called once, at once when the pipe is closed already. */
  onClose(listener: () => void): () => void;
  close(): void;
}

/** What oRPC's message-port adapter speaks to. */
export interface CallPort {
  postMessage(message: string | ArrayBufferLike | Uint8Array): void;
  readonly onMessage: { addListener(callback: (data: unknown) => void): void };
  readonly onDisconnect: { addListener(callback: () => void): void };
}

/** The contract's side of a pipe: its text messages. Document frames pass it by. */
export function callPort(duplex: Duplex): CallPort {
  let open = true;
  duplex.onClose(() => {
    open = false;
  });
  return {
    postMessage: (message) => {
      // An answer would never come.
      if (!open) throw new Error('the pipe is closed');
      if (typeof message !== 'string') throw new TypeError('the contract carries text only');
      duplex.send(message);
    },
    onMessage: {
      addListener: (callback) => {
        duplex.onMessage((message) => {
          if (typeof message === 'string') callback(message);
        });
      },
    },
    onDisconnect: { addListener: (callback) => void duplex.onClose(callback) },
  };
}

/** The documents' side of a pipe: its binary messages, for a `CanvasClient` or a hub. */
export function framePort(duplex: Duplex) {
  return {
    send: (frame: Uint8Array) => duplex.send(frame),
    onFrame: (listener: (frame: Uint8Array) => void) =>
      duplex.onMessage((message) => {
        if (typeof message !== 'string') listener(message);
      }),
  };
}
