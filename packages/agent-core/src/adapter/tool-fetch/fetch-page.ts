import { createHash } from 'node:crypto';
import { FaultError, fault, type Json } from '@soma/schemas/event';
import { z } from 'zod';
import type { Tool, ToolContext, ToolDescription, ToolResult } from '../../port/index.ts';
import { unlessAborted } from '../tool-folder/index.ts';
import { readBody } from './body.ts';
import { type Decoded, decode } from './charset.ts';
import { readPage } from './page-text.ts';
import { type Answer, ask, checkLiteral, type Reach } from './request.ts';
import { checkedUrl } from './url.ts';

export interface FetchParts extends Reach {
  /** Product and version, for the server's log. */
  readonly agent: string;
  /** Time of a whole call, in milliseconds. */
  readonly limitMs: number;
}

const NAME = 'fetch_page';
/** What the engine leaves a call beyond its own limit, so that the call can say what it waited for. */
const MARGIN_MS = 5000;
/** UTF-8 bytes of the text that is handed on. */
const TEXT_LIMIT = 200_000;
const HTML = 'text/html';
const TYPES: readonly string[] = [HTML, 'text/plain', 'text/markdown', 'application/json'];

const Input = z.object({ url: z.string().min(1).max(8000) });

const Output = z.object({
  /** As it was asked for, and as it answered after redirects within its server. */
  url: z.string(),
  finalUrl: z.string(),
  status: z.number().int(),
  contentType: z.string(),
  charset: z.string(),
  /** Some bytes were none of the charset and stand as replacement characters. */
  repaired: z.boolean(),
  title: z.string(),
  text: z.string(),
  /** The page says more than `text`. */
  cut: z.boolean(),
  /** Of the whole body, inflated. */
  bytes: z.number().int(),
  sha256: z.string(),
});

/** Reads one page of the public internet as text. Sends its address and the product's name, nothing else, and only there. */
export function fetchPage(parts: FetchParts): Tool {
  const described: ToolDescription = {
    name: NAME,
    description:
      'Fetches one page from the public internet and gives its text. Sends nothing but its address.',
    risk: 'network',
    idempotency: 'idempotent',
    parallel: 4,
    timeoutMs: parts.limitMs + MARGIN_MS,
    outputLimitBytes: 1024 * 1024,
    inputSchema: z.json().parse(z.toJSONSchema(Input, { io: 'input' })),
    outputSchema: z.json().parse(z.toJSONSchema(Output)),
  };
  return {
    describe: () => described,
    preview: async (given) => {
      try {
        return { ok: true, preview: { kind: 'request', url: urlOf(given, parts).href } };
      } catch (error) {
        return asValue(error);
      }
    },
    call: async (given, context) => {
      try {
        return await call(urlOf(given, parts), parts, context);
      } catch (error) {
        return asValue(error);
      }
    },
    probe: async () => 'unknown',
  };
}

/** What can be refused without asking anybody is refused before a person is asked. */
function urlOf(given: Json, parts: FetchParts): URL {
  const parsed = Input.safeParse(given);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new FaultError('TOOL_INPUT_INVALID', { tool: NAME, path });
  }
  const url = checkedUrl(parsed.data.url);
  checkLiteral(url, parts);
  return url;
}

async function call(url: URL, parts: FetchParts, { preview, signal }: ToolContext): Promise<ToolResult> {
  // The address that was shown is the one that is asked.
  if (preview?.kind === 'request' && preview.url !== url.href) {
    return { ok: false, fault: fault('APPROVAL_CHANGED') };
  }
  const late = AbortSignal.timeout(parts.limitMs);
  const ended = AbortSignal.any([signal, late]);
  try {
    return await unlessAborted(visit(url, parts, ended), ended);
  } catch (error) {
    if (!late.aborted || signal.aborted) throw error;
    return { ok: false, fault: fault('FETCH_TIMEOUT', { host: url.host, limitMs: parts.limitMs }) };
  }
}

async function visit(url: URL, parts: FetchParts, signal: AbortSignal): Promise<ToolResult> {
  const answer = await ask(url, { ...parts, signal });
  const { type, charset } = acceptable(answer);
  const body = await readBody(answer, signal);
  const decoded = decode(body, charset, type === HTML);
  const page = await textOf(decoded, type, signal);
  return {
    ok: true,
    output: {
      ...{ url: url.href, finalUrl: answer.url.href, status: answer.response.statusCode ?? 0 },
      ...{ contentType: type, charset: decoded.charset, repaired: decoded.repaired },
      ...page,
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    },
    note: { code: 'page-fetched', data: { host: answer.url.host, characters: page.text.length } },
  };
}

/** Media type and charset of an answer that is worth reading. Lets the connection go and throws for any other. */
function acceptable({ url, response }: Answer): { type: string; charset: string | null } {
  const { statusCode: status = 0, headers } = response;
  const said = headers['content-type'] ?? '';
  const type = /^[\w.+-]{1,60}\/[\w.+-]{1,60}/.exec(said.trim())?.[0].toLowerCase() ?? null;
  const isFine = status >= 200 && status < 300;
  if (isFine && type !== null && TYPES.includes(type)) {
    return { type, charset: /;\s*charset\s*=\s*["']?([\w:.-]{1,40})/i.exec(said)?.[1] ?? null };
  }
  response.destroy();
  if (isFine) throw new FaultError('FETCH_TYPE_REFUSED', { host: url.host, type });
  throw new FaultError('FETCH_STATUS', { host: url.host, status });
}

async function textOf({ text }: Decoded, type: string, signal: AbortSignal) {
  const { title, whole, ...page } =
    type === HTML ? await readPage(text, TEXT_LIMIT, signal) : { title: '', text, whole: true };
  const bytes = Buffer.from(page.text);
  if (bytes.length <= TEXT_LIMIT) return { title, text: page.text, cut: !whole };
  // A character that is cut through is left out.
  const kept = new TextDecoder().decode(bytes.subarray(0, TEXT_LIMIT), { stream: true });
  return { title, text: kept, cut: true };
}

/** Faults that are thrown come back as values. */
function asValue(error: unknown): Extract<ToolResult, { ok: false }> {
  if (error instanceof FaultError) return { ok: false, fault: error.fault };
  throw error;
}
