/**
 * The few web names that oRPC, yjs and our own runtime-neutral code mention, as far as every runtime we start in agrees on
 * them. Only the pure tsconfigs include this file; a program with DOM or Node types never sees it. A name that is missing
 * here would silently become `any` in a library's declarations, so add it rather than turn a check off.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(
    type: 'abort',
    listener: () => void,
    options?: { once?: boolean; signal?: AbortSignal },
  ): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare const AbortSignal: {
  abort(reason?: unknown): AbortSignal;
  any(signals: readonly AbortSignal[]): AbortSignal;
  timeout(milliseconds: number): AbortSignal;
};

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: { new (): AbortController };

interface URLSearchParams extends Iterable<[string, string]> {
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string): boolean;
  toString(): string;
}
declare const URLSearchParams: {
  new (init?: string | Record<string, string> | readonly (readonly [string, string])[]): URLSearchParams;
};

interface URL {
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
}
declare const URL: {
  new (url: string, base?: string | URL): URL;
  canParse(url: string, base?: string): boolean;
};

interface TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare const TextEncoder: { new (): TextEncoder };

interface TextDecoder {
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}
declare const TextDecoder: {
  new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder;
};

interface Blob {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  text(): Promise<string>;
}
interface File extends Blob {
  readonly name: string;
  readonly lastModified: number;
}
interface Headers extends Iterable<[string, string]> {
  get(name: string): string | null;
}
interface FormData extends Iterable<[string, string | File]> {
  get(name: string): string | File | null;
}

interface ReadableStream<T = unknown> {
  readonly locked: boolean;
  cancel(reason?: unknown): Promise<void>;
  tee(): [ReadableStream<T>, ReadableStream<T>];
}
interface WritableStream<T = unknown> {
  readonly locked: boolean;
  abort(reason?: unknown): Promise<void>;
  getWriter(): { write(chunk: T): Promise<void>; close(): Promise<void> };
}
interface TransformStream<I = unknown, O = unknown> {
  readonly readable: ReadableStream<O>;
  readonly writable: WritableStream<I>;
}
declare const TransformStream: { new <I = unknown, O = unknown>(): TransformStream<I, O> };

/** Message channels are handed to oRPC whole; none of our own neutral code reads into them. */
interface MessagePort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: { readonly data: unknown }) => void): void;
  start(): void;
  close(): void;
}
interface WebSocket {
  readonly readyState: number;
  send(data: string | ArrayBuffer | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** Named by yjs in the signatures of its XML types, which the canvas document does not use; so is `self`. */
interface Node {
  readonly nodeType: number;
}
interface Element extends Node {
  readonly tagName: string;
}
interface Text extends Node {
  readonly data: string;
}
interface Document extends Node {
  createElement(name: string): Element;
}

declare const self: unknown;
