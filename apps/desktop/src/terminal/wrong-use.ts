/** What is wrong with it, as a key of the catalogue (`terminal.wrong.KEY`) and its values. */
export interface WrongUse {
  readonly verb: 'wrong';
  readonly key: string;
  readonly data: Readonly<Record<string, string>>;
}

export function only(positionals: readonly string[]): string | null {
  return positionals.length === 1 ? (positionals[0] ?? null) : null;
}

export function wrong(key: string, data: Readonly<Record<string, string>>): WrongUse {
  return { verb: 'wrong', key, data };
}
