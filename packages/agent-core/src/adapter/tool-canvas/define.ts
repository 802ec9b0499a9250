import { CanvasId, type CanvasMutation } from '@soma/schemas/canvas';
import { type Fault, FaultError, fault, type Note } from '@soma/schemas/event';
import { z } from 'zod';
import type { Hub, Tool, ToolArtifact, ToolContext, ToolDescription } from '../../port/index.ts';

/** What a call wants done to the run's canvas: mutations that are applied together, and what to answer then. */
export interface BoardWork {
  readonly mutations: readonly CanvasMutation[];
  /** Ids of what the call added or changed. */
  readonly ids: readonly string[];
  readonly note: Note;
  /** The card among them that shows what is stored elsewhere. */
  readonly artifact?: ToolArtifact;
  /** What to answer, other than the ids, when the board is no longer what the mutations were made for. */
  readonly stale?: Fault;
}

/** The one definition of a canvas tool: its shape describes it and checks its input. */
export interface Definition<Input extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  /** The work is made anew from the input alone, so that the same call answers the same, whether or not it had been done. */
  readonly repeats?: boolean;
  /** Name of the tool that takes back what a call of this one did. */
  readonly compensation?: string;
  readonly work: (input: z.infer<Input>, context: ToolContext) => BoardWork | Promise<BoardWork>;
}

/** `ids`: the nodes or edges the call added or changed. `found`: it had been done before under the same key. */
const Output = z.object({ ids: z.array(CanvasId), found: z.boolean() });

const LIMITS = { timeoutMs: 30_000, outputLimitBytes: 1024 * 1024 } as const;

/** A tool that changes the run's own canvas as the participant `run:ID`, at most once a key. */
export function boardTool<Input extends z.ZodType>(hub: Hub, definition: Definition<Input>): Tool {
  const { name, description, input, repeats = false, compensation } = definition;
  const described: ToolDescription = {
    ...{ name, description, ...LIMITS },
    risk: 'board',
    idempotency: repeats ? 'idempotent' : 'checkable',
    ...(compensation !== undefined && { compensation }),
    inputSchema: z.json().parse(z.toJSONSchema(input, { io: 'input' })),
    outputSchema: z.json().parse(z.toJSONSchema(Output)),
  };
  return {
    describe: () => described,
    call: async (given, context) => {
      const parsed = input.safeParse(given);
      if (!parsed.success) {
        const path = parsed.error.issues[0]?.path.join('.') ?? '';
        return { ok: false, fault: fault('TOOL_INPUT_INVALID', { tool: name, path }) };
      }
      const { scope, canvas: document, run, key } = context;
      try {
        const { mutations, ids, note, artifact, stale } = await definition.work(parsed.data, context);
        const answer = await hub.mutate({ scope, document, author: `run:${run}`, key, mutations });
        if (!answer.applied && answer.why === 'unknown-ids') {
          const unknown = fault('TOOL_INPUT_INVALID', { tool: name, unknown: [...answer.ids] });
          return { ok: false, fault: stale ?? unknown };
        }
        const output = { ids: [...ids], found: !answer.applied };
        return { ok: true, output, note, ...(artifact !== undefined && { artifact }) };
      } catch (error) {
        if (error instanceof FaultError) return { ok: false, fault: error.fault };
        throw error;
      }
    },
    probe: async (key, { scope, canvas: document }) => {
      try {
        return (await hub.probe({ scope, document, key })) ? 'happened' : 'not-happened';
      } catch {
        return 'unknown';
      }
    },
  };
}
