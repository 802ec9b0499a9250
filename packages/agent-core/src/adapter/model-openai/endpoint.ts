import { ENDPOINTS } from './endpoints.table.ts';

/** How one endpoint wants to be spoken to, as data. */
export interface Endpoint {
  readonly id: string;
  /** As its maker writes it; empty for one that nobody knows by name. */
  readonly name: string;
  /** Where it is when nobody says otherwise; empty where that is nowhere in particular. */
  readonly address: string;
  /** It usually runs on the person's own computer. */
  readonly local: boolean;
  readonly key: 'needed' | 'optional';
  /** The field that bounds the tokens of an answer. */
  readonly outputTokens: 'max_completion_tokens' | 'max_tokens';
  /** How an entry of its list of models is read. Paths are names with dots between. */
  readonly listed: {
    /** Every model that it has stands in its list. */
    readonly whole: boolean;
    readonly context: readonly string[];
    readonly output: readonly string[];
    /** A list of names in which these stand exactly where the model can do it. */
    readonly supports: { readonly at: string; readonly tools: string; readonly schema: string } | null;
    readonly inputs: { readonly at: string; readonly vision: string } | null;
    /** Several who may answer, each with what it can: only what all of them can is said of the model. */
    readonly providers: {
      readonly at: string;
      readonly context: string;
      readonly tools: string;
      readonly schema: string;
    } | null;
  };
  /** Where each of these was read, and the day. */
  readonly sources: readonly { readonly of: string; readonly name: string; readonly read: string }[];
}

/** The endpoint of this id; what is not known by name is spoken to as all have in common. */
export function endpointOf(id: string): Endpoint {
  const found = ENDPOINTS.find((endpoint) => endpoint.id === id) ?? ENDPOINTS.at(-1);
  if (found === undefined) throw new Error('the table of endpoints is empty');
  return found;
}
