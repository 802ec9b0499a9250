import { FaultError, fault, type Note } from '@soma/schemas/event';
import { z } from 'zod';
import type { Tool, ToolContext, ToolDescription } from '../../port/index.ts';

/** The one definition of a tool: the same shapes describe it, check its input and type its work. */
export interface Definition<Input extends z.ZodType, Output extends z.ZodType> {
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
export function readingTool<Input extends z.ZodType, Output extends z.ZodType>(
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
        const done = await definition.work(parsed.data, context);
        return { ok: true, output: z.json().parse(done.output), note: done.note };
      } catch (error) {
        if (error instanceof FaultError) return { ok: false, fault: error.fault };
        throw error;
      }
    },
    probe: async () => 'unknown',
  };
}
