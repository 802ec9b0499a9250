import type { TurnDelta } from '@soma/schemas/delta';
import { TURN_LIMITS, type Turn, TurnAnswer, type TurnLimits } from '@soma/schemas/turn';
import { createOpenAIModel, type OpenAIModelOptions } from '../adapter/model-openai/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import type { ModelProvider, Secrets } from '../port/index.ts';
import { scopeOf } from './event-sample.ts';
import type { ScriptedEndpoint } from './scripted-endpoint.ts';

/** A key as a person has it: what must appear nowhere but in the header of a request. */
export const PLANTED = 'sk-planted-0fc3a9d17be24485a6';

/** Keys that are kept in memory, by name. */
export function keptSecrets(kept: Readonly<Record<string, string>>): Secrets {
  return { get: (_scope, name) => Promise.resolve(kept[name] ?? null) };
}

/** A turn that asks one thing. */
export function turnOf(
  text: string,
  { limits, ...change }: Partial<Omit<Turn, 'limits'>> & { readonly limits?: Partial<TurnLimits> } = {},
): Turn {
  return {
    id: 't1',
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
    ...{ tools: [], choice: 'auto', shape: null, temperature: null },
    ...change,
    limits: { ...TURN_LIMITS, ...limits },
  };
}

/** The adapter at a scripted endpoint, with the planted key. */
export function modelAt(
  endpoint: Pick<ScriptedEndpoint, 'address'>,
  change: Partial<OpenAIModelOptions> = {},
): ModelProvider {
  return createOpenAIModel({
    ...{ endpoint: 'other', address: endpoint.address, model: 'scripted-1', clock: systemClock },
    ...{ secret: 'key', secrets: keptSecrets({ key: PLANTED }) },
    ...change,
  });
}

export interface AskedTurn {
  readonly answer: TurnAnswer;
  readonly deltas: readonly TurnDelta[];
  /** All parts of a kind in the order in which they came, and in the message. */
  readonly told: Joined;
  readonly kept: Joined;
  readonly tookMs: number;
}

export interface Joined {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly call: string; readonly tool: string; readonly input: string }[];
}

/** Asks a turn and holds what came together: the answer has the port's shape, and deltas and message say the same. */
export async function askIt(
  provider: ModelProvider,
  turn: Turn,
  signal: AbortSignal = new AbortController().signal,
): Promise<AskedTurn> {
  const deltas: TurnDelta[] = [];
  const started = performance.now();
  const answer = await provider.ask({
    scope: scopeOf(),
    turn,
    signal,
    onDelta: (delta) => deltas.push(delta),
  });
  const tookMs = performance.now() - started;
  TurnAnswer.parse(answer);
  return { answer, deltas, told: toldIn(deltas), kept: keptIn(answer), tookMs };
}

function toldIn(deltas: readonly TurnDelta[]): Joined {
  const calls = new Map<string, { readonly call: string; readonly tool: string; readonly input: string }>();
  let text = '';
  let reasoning = '';
  for (const delta of deltas) {
    if (delta.type === 'text') text += delta.text;
    else if (delta.type === 'reasoning') reasoning += delta.text;
    else {
      const { call, tool } = delta;
      calls.set(call, { call, tool, input: (calls.get(call)?.input ?? '') + delta.text });
    }
  }
  return { text, reasoning, calls: [...calls.values()] };
}

function keptIn({ message: { parts } }: TurnAnswer): Joined {
  const joined = (type: 'text' | 'reasoning') =>
    parts.flatMap((part) => (part.type === type ? [part.text] : [])).join('');
  return {
    text: joined('text'),
    reasoning: joined('reasoning'),
    calls: parts.flatMap((part) =>
      part.type === 'tool-call' ? [{ call: part.call, tool: part.tool, input: part.input }] : [],
    ),
  };
}
