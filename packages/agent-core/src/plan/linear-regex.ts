import { RE2JS } from 're2js';

/**
 * A regular expression that takes time in proportion to the text, whatever the pattern: it never goes back. Stands for `RegExp` where
 * JSONata runs one. Throws for a pattern that cannot be run so: one that looks around, or refers back to a group.
 */
class LinearRegex {
  /** Where the next search begins, as of a global `RegExp`. */
  lastIndex = 0;
  readonly #compiled: RE2JS;

  constructor({ source, ignoreCase, multiline }: RegExp) {
    const flags = (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (multiline ? RE2JS.MULTILINE : 0);
    this.#compiled = RE2JS.compile(RE2JS.translateRegExp(source), flags);
  }

  /** The next match with its groups and place, or null, after which the search begins anew. */
  exec(text: string): { readonly [group: number]: string | undefined; index: number; length: number } | null {
    const matcher = this.#compiled.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    const groups = Array.from(
      { length: matcher.groupCount() + 1 },
      (_, at) => matcher.group(at) ?? undefined,
    );
    this.lastIndex = matcher.end();
    return Object.assign(groups, { index: matcher.start() });
  }
}

/** `RegExp` whose instances run in linear time: what JSONata takes as its engine. */
export const linearEngine: RegExpConstructor = new Proxy(RegExp, {
  construct: (_, [pattern]: readonly unknown[]) => {
    if (!(pattern instanceof RegExp)) throw new TypeError('a regular expression is expected');
    return new LinearRegex(pattern);
  },
});
