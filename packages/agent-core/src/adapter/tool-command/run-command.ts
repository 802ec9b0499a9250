import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandEnd, type Fault, FaultError, fault, type Json } from '@soma/schemas/event';
import { z } from 'zod';
import type { Tool, ToolContext, ToolDescription, ToolResult } from '../../port/index.ts';
import { linesOf, resolveFolder } from '../tool-folder/index.ts';
import { execute, type RunnerPlace, settled } from './execute.ts';
import { Failure, failuresIn, summaryOf } from './failures.ts';
import { type Execution, executionId, readExecution } from './ledger.ts';
import type { CommandLimits } from './message.ts';

export interface CommandParts extends RunnerPlace {
  /** Absolute path of the folder in which the runner writes its ledgers and outputs; made when it is missing. */
  readonly store: string;
  /** The whole environment of every command. */
  readonly environment: Readonly<Record<string, string>>;
  /** All but the time, which each call says for itself. */
  readonly limits: Omit<CommandLimits, 'timeoutMs'>;
}

const NAME = 'run_command';
const MOST_SECONDS = 3600;
/** What a call may take beyond its command's own limit, in milliseconds: ending the command and reading what it wrote. */
const MARGIN_MS = 30_000;
/** Failures of which the output speaks. */
const FAILURES = 100;
const LAST = 10;
const LAST_LENGTH = 500;

/**
 * Characters that make what is shown differ from what is run: controls, and marks that hide or turn letters round. Line feed and tab
 * are shown as they are.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

const Input = z.object({
  /** Run by the system's shell exactly as it stands: it is what the person was shown. */
  command: z
    .string()
    .min(1)
    .max(10_000)
    .refine((command) => command.trim() !== '' && !HIDDEN.test(command.replaceAll(/[\n\t]/g, ''))),
  timeoutSeconds: z.number().int().min(1).max(MOST_SECONDS).default(600),
});

const Output = z.object({
  command: z.string(),
  /** Names the ledger in which the command's own runner wrote what came of it. */
  execution: z.string(),
  /** How a claim about this execution names its output. */
  source: z.string(),
  end: CommandEnd,
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  seconds: z.number(),
  limitSeconds: z.number(),
  /** Processes that outlived the command and were ended. */
  leftovers: z.number().int(),
  /** SHA-256 of the output as it is kept. */
  outputHash: z.string(),
  /** Bytes of the whole output. */
  outputSize: z.number().int(),
  /** Lines kept, and after which of them how many bytes are left out. */
  lines: z.number().int(),
  cut: z.object({ afterLine: z.number().int(), bytes: z.number().int() }).nullable(),
  /** Some bytes were no UTF-8 and stand as replacement characters. */
  repaired: z.boolean(),
  text: z.string(),
  /** The last lines that say anything, each cut to a length for a card. */
  last: z.array(z.string()),
  /** The line that says best how it ended; empty when nothing was written. */
  summary: z.object({ line: z.number().int(), quote: z.string() }),
  failures: z.array(Failure),
});

/** Runs one command of the system's shell in the run's folder, at most once a key. */
export function runCommand(parts: CommandParts): Tool {
  const described: ToolDescription = {
    name: NAME,
    description:
      "Runs a command in the folder with the person's own rights and reports how it ended, what it wrote, and the failures in it.",
    risk: 'execute',
    idempotency: 'checkable',
    parallel: 2,
    timeoutMs: MOST_SECONDS * 1000 + MARGIN_MS,
    outputLimitBytes: 16 * 1024 * 1024,
    inputSchema: z.json().parse(z.toJSONSchema(Input, { io: 'input' })),
    outputSchema: z.json().parse(z.toJSONSchema(Output)),
  };
  return {
    describe: () => described,
    call: (given, context) => asResult(() => call(parts, given, context)),
    preview: (given, context) => preview(given, context.folder),
    abandon: async ({ key }) => {
      await settled(parts.store, executionId(key), AbortSignal.abort());
    },
    probe: async (key, { folder, signal }) => {
      const execution = await settled(parts.store, executionId(key), signal);
      switch (execution.name) {
        case 'none':
          return 'not-happened';
        case 'ended':
          return { name: 'happened', result: await asResult(() => resultOf(parts.store, folder, execution)) };
        case 'running':
        case 'lost':
          return 'unknown';
        default:
          return execution satisfies never;
      }
    },
  };
}

async function preview(given: Json, place: string): ReturnType<NonNullable<Tool['preview']>> {
  const parsed = Input.safeParse(given);
  if (!parsed.success) return { ok: false, fault: invalid(parsed.error) };
  const { command, timeoutSeconds: limitSeconds } = parsed.data;
  try {
    const folder = await resolveFolder(place);
    return { ok: true, preview: { kind: 'command', command, folder, limitSeconds } };
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}

async function call(parts: CommandParts, given: Json, context: ToolContext): Promise<ToolResult> {
  const parsed = Input.safeParse(given);
  if (!parsed.success) return { ok: false, fault: invalid(parsed.error) };
  const { command, timeoutSeconds } = parsed.data;
  const { run, task, call, key, signal } = context;
  const { store, environment } = parts;
  const folder = await resolveFolder(context.folder);
  // The folder that was shown is the one it runs in.
  if (context.preview?.kind === 'command' && context.preview.folder !== folder)
    return { ok: false, fault: fault('APPROVAL_CHANGED') };
  await mkdir(store, { recursive: true, mode: 0o700 });
  const id = executionId(key);
  const before = await readExecution(store, id);
  if (before.name !== 'none') return resultOf(store, folder, await settled(store, id, signal));
  const limits = { ...parts.limits, timeoutMs: timeoutSeconds * 1000 };
  const request = { id, key, run, task, call, command, folder, store, environment, limits };
  const execution = await execute({ type: 'run', ...request }, parts, {
    signal,
    onNews: ({ lines, bytes }) => {
      context.progress({
        note: { code: 'command-output', data: { lines, bytes } },
        done: bytes,
        total: null,
      });
    },
  });
  return resultOf(store, folder, execution);
}

async function resultOf(store: string, folder: string, execution: Execution): Promise<ToolResult> {
  if (execution.name === 'none')
    return { ok: false, fault: fault('COMMAND_NOT_STARTED', { cause: 'runner' }) };
  if (execution.name !== 'ended') return { ok: false, fault: fault('TOOL_OUTCOME_UNKNOWN', { tool: NAME }) };
  const { intent, ended } = execution;
  if (ended.end === 'stopped') return { ok: false, fault: fault('COMMAND_STOPPED', {}, { when: 'now' }) };
  if (ended.end === 'not-started') {
    await resolveFolder(folder);
    return { ok: false, fault: fault('COMMAND_NOT_STARTED', { cause: ended.cause }) };
  }
  const bytes = await readFile(join(store, `${intent.id}.out`));
  const text = bytes.toString('utf8');
  const lines = linesOf(text);
  const { output } = ended;
  const seconds = Math.round(ended.tookMs / 100) / 10;
  const { end, exitCode, signal } = ended;
  return {
    ok: true,
    output: {
      ...{ command: intent.command, execution: intent.id, source: `output://${intent.id}` },
      ...{ end, exitCode, signal, seconds, limitSeconds: intent.limits.timeoutMs / 1000 },
      leftovers: ended.leftovers,
      outputHash: output.keptHash,
      outputSize: output.size,
      lines: lines.length,
      cut:
        output.cutAfter === null
          ? null
          : { afterLine: output.cutAfter, bytes: output.size - output.keptSize },
      repaired: !Buffer.from(text).equals(bytes),
      text,
      last: lines
        .filter((line) => line.trim() !== '')
        .slice(-LAST)
        .map((line) => line.slice(0, LAST_LENGTH)),
      summary: summaryOf(lines),
      // What ends well has not failed, whatever its output looks like.
      failures: exitCode === 0 ? [] : await failuresIn(lines, folder, FAILURES),
    },
    note: { code: 'command-ended', data: { end, exitCode: exitCode ?? signal ?? '', seconds } },
  };
}

function invalid(error: z.ZodError): Fault {
  return fault('TOOL_INPUT_INVALID', { tool: NAME, path: error.issues[0]?.path.join('.') ?? '' });
}

/** Faults that are thrown come back as values. */
async function asResult(work: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}
