import { type Abilities, type Said, UNKNOWN_ABILITIES } from '@soma/schemas/turn';
import { at, count, type Fields, fields, first, list, text } from '../model-turn/index.ts';
import type { Endpoint } from './endpoints.table.ts';

/** What an endpoint's list says of a model. */
export interface Listed {
  readonly abilities: Abilities;
  readonly contextTokens: number | null;
  readonly outputTokens: number | null;
}

/** Nothing is said of it. */
export const UNLISTED: Listed = { abilities: UNKNOWN_ABILITIES, contextTokens: null, outputTokens: null };

/** The entries of a list of models with a name; null where it is none. */
export function entriesOf(body: unknown): readonly Fields[] | null {
  const data = Array.isArray(body) ? body : fields(body)?.data;
  if (!Array.isArray(data)) return null;
  const entries = data.map(fields);
  return entries.every((entry) => entry !== null && text(entry.id) !== null)
    ? entries.filter((entry) => entry !== null)
    : null;
}

/** The entry of a model. Ollama lists `name:latest` for what may be asked for as `name`. */
export function entryOf(entries: readonly Fields[], model: string): Fields | null {
  const named = (name: string) => entries.find(({ id }) => id === name);
  return named(model) ?? named(`${model}:latest`) ?? null;
}

/** What an entry says, and nothing beyond it. */
export function listedIn(entry: Fields, { listed }: Pick<Endpoint, 'listed'>): Listed {
  const { supports, inputs, providers } = listed;
  const several = providers === null ? null : ofProviders(entry, providers);
  const supported = supports === null ? null : namesAt(entry, supports.at);
  const taken = inputs === null ? null : namesAt(entry, inputs.at);
  const said = (names: ReadonlySet<string> | null, name: string | undefined): Said => {
    if (names === null || name === undefined) return 'unknown';
    return names.has(name) ? 'yes' : 'no';
  };
  return {
    abilities: {
      ...UNKNOWN_ABILITIES,
      tools: several?.tools ?? said(supported, supports?.tools),
      schema: several?.schema ?? said(supported, supports?.schema),
      vision: said(taken, inputs?.vision),
    },
    contextTokens: several?.context ?? first(entry, listed.context, positive),
    outputTokens: first(entry, listed.output, positive),
  };
}

function namesAt(entry: Fields, path: string): ReadonlySet<string> | null {
  const names = at(entry, path);
  return Array.isArray(names) ? new Set(names.filter((name) => typeof name === 'string')) : null;
}

function positive(value: unknown): number | null {
  const number = count(value);
  return number === 0 ? null : number;
}

/** Anyone of them may answer: the smallest context, and what nobody of them lacks. */
function ofProviders(entry: Fields, paths: NonNullable<Endpoint['listed']['providers']>) {
  const providers = list(at(entry, paths.at)).map(fields);
  const contexts = providers.flatMap((one) => positive(one?.[paths.context]) ?? []);
  const all = (name: string): Said => {
    const said = providers.map((one) => one?.[name]);
    if (said.includes(false)) return 'no';
    return said.length > 0 && said.every((one) => one === true) ? 'yes' : 'unknown';
  };
  return {
    context: contexts.length > 0 && contexts.length === providers.length ? Math.min(...contexts) : null,
    tools: all(paths.tools),
    schema: all(paths.schema),
  };
}
