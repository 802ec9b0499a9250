import {
  type CallPreview,
  type ChangeSet,
  type Fault,
  FaultError,
  fault,
  type Json,
  type Note,
  type ToolRisk,
} from '@soma/schemas/event';
import { z } from 'zod';
import type { Idempotency, Tool, ToolContext, ToolDescription } from '../../port/index.ts';
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
  ) => Promise<{ output: z.infer<Output>; note: Note; changes?: ChangeSet }>;
}

/** A definition with what a call can do to the world, and what a person is shown of it before. */
export interface EffectDefinition<Input extends z.ZodType, Output extends z.ZodType<Json>>
  extends Definition<Input, Output> {
  readonly risk: ToolRisk;
  readonly idempotency: Idempotency;
  readonly preview?: (input: z.infer<Input>, context: ToolContext) => Promise<CallPreview>;
  readonly probe?: Tool['probe'];
  readonly abandon?: Tool['abandon'];
  /** Name of the tool that takes back what a call of this one did. */
  readonly compensation?: string;
}

/** A tool that reads inside the run's folder and may be repeated freely. Faults it throws come back as values. */
export function readingTool<Input extends z.ZodType, Output extends z.ZodType<Json>>(
  definition: Definition<Input, Output>,
): Tool {
  return defineTool({ ...definition, risk: 'read', idempotency: 'idempotent' });
}

/** A tool that works on the run's folder. Faults it throws come back as values. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType<Json>>(
  definition: EffectDefinition<Input, Output>,
): Tool {
  const { name, description, timeoutMs, outputLimitBytes, input, output, preview } = definition;
  const { risk, idempotency, abandon, compensation, probe = async () => 'unknown' } = definition;
  const described: ToolDescription = {
    ...{ name, description, timeoutMs, outputLimitBytes, risk, idempotency },
    ...(compensation !== undefined && { compensation }),
    inputSchema: z.json().parse(z.toJSONSchema(input, { io: 'input' })),
    outputSchema: z.json().parse(z.toJSONSchema(output)),
  };
  async function answered<Value>(
    given: Json,
    context: ToolContext,
    work: (input: z.infer<Input>, context: ToolContext) => Promise<Value>,
  ): Promise<{ ok: true; value: Value } | { ok: false; fault: Fault }> {
    const parsed = input.safeParse(given);
    if (!parsed.success) {
      const path = parsed.error.issues[0]?.path.join('.') ?? '';
      return { ok: false, fault: fault('TOOL_INPUT_INVALID', { tool: name, path }) };
    }
    try {
      const value = await unlessAborted(work(parsed.data, context), context.signal);
      // A folder that went away meanwhile was only seen in part.
      await resolveFolder(context.folder);
      return { ok: true, value };
    } catch (error) {
      if (error instanceof FaultError)
        return { ok: false, fault: (await folderFault(context.folder)) ?? error.fault };
      throw error;
    }
  }
  return {
    describe: () => described,
    call: async (given, context) => {
      const done = await answered(given, context, definition.work);
      return done.ok ? { ok: true, ...done.value } : done;
    },
    ...(preview !== undefined && {
      preview: async (given: Json, context: ToolContext) => {
        const made = await answered(given, context, preview);
        return made.ok ? { ok: true as const, preview: made.value } : made;
      },
    }),
    probe,
    ...(abandon !== undefined && { abandon }),
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
export async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
