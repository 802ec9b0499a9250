import { type Fault, FaultError, fault, type Json, type Note } from '@soma/schemas/event';
import { z } from 'zod';
import type { Tool, ToolContext, ToolDescription } from '../../port/index.ts';
import { resolveFolder } from './inside.ts';

/** The one definition of a tool: the same shapes describe it, check its input and type its work. */
export interface Definition<Input extends z.ZodType, Output extends z.ZodType<Json>> {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly timeoutMs: number;
  readonly outputLimitBytes: number;
  readonly work: (
    input: z.infer<Input>,
    context: ToolContext,
  ) => Promise<{ output: z.infer<Output>; note: Note }>;
}

/** A tool that reads inside the run's folder and may be repeated freely. Faults it throws come back as values. */
export function readingTool<Input extends z.ZodType, Output extends z.ZodType<Json>>(
  definition: Definition<Input, Output>,
): Tool {
  const { name, description, timeoutMs, outputLimitBytes, input, output } = definition;
  const described: ToolDescription = {
    ...{ name, description, timeoutMs, outputLimitBytes },
    risk: 'read',
    idempotency: 'idempotent',
    inputSchema: z.json().parse(z.toJSONSchema(input, { io: 'input' })),
    outputSchema: z.json().parse(z.toJSONSchema(output)),
  };
  return {
    describe: () => described,
    call: async (given, context) => {
      const parsed = input.safeParse(given);
      if (!parsed.success) {
        const path = parsed.error.issues[0]?.path.join('.') ?? '';
        return { ok: false, fault: fault('TOOL_INPUT_INVALID', { tool: name, path }) };
      }
      try {
        const done = await unlessAborted(definition.work(parsed.data, context), context.signal);
        // A folder that went away meanwhile was only seen in part.
        await resolveFolder(context.folder);
        return { ok: true, ...done };
      } catch (error) {
        if (error instanceof FaultError)
          return { ok: false, fault: (await folderFault(context.folder)) ?? error.fault };
        throw error;
      }
    },
    probe: async () => 'unknown',
  };
}

/** What is wrong with the folder itself; null when it is there. */
async function folderFault(folder: string): Promise<Fault | null> {
  try {
    await resolveFolder(folder);
    return null;
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
}

/** What the work comes to, or a rejection as soon as the signal aborts: what still runs then stops at its own next look. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
