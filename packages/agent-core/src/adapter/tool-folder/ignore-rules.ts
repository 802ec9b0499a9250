/*
 * The rules of gitignore(5) as git itself applies them: byte by byte, the last rule that matches decides, a set that is not closed matches
 * nothing. Rules are matched as git matches them, with a look ahead that gives up early, so that no pattern takes long.
 */

/** One line of a .gitignore. */
interface Rule {
  readonly pattern: string;
  readonly keeps: boolean;
  readonly foldersOnly: boolean;
  /** Without a slash inside it is about names at any depth, otherwise about the path. */
  readonly nameOnly: boolean;
  /** How much of the pattern stands for itself. */
  readonly literal: number;
}

/** The rules of one .gitignore file. */
export interface IgnoreRules {
  /** Whether a path below the file's folder is ignored, or kept against rules further up; null when no rule speaks of it. */
  decide(path: string, isFolder: boolean): 'ignored' | 'kept' | null;
}

/** File systems that do not tell cases apart; git sets core.ignoreCase on them. */
const FOLDS_CASE = process.platform === 'darwin' || process.platform === 'win32';

export function parseIgnoreRules(text: string): IgnoreRules {
  const lines = inBytes(text.replace(/^\uFEFF/, '')).split('\n');
  const rules = lines.flatMap(ruleOf).reverse();
  return {
    decide: (path, isFolder) => {
      const bytes = inBytes(path);
      const name = bytes.slice(bytes.lastIndexOf('/') + 1);
      for (const rule of rules) {
        if (rule.foldersOnly && !isFolder) continue;
        if (rule.nameOnly ? matchesName(rule, name) : matchesPath(rule, bytes))
          return rule.keeps ? 'kept' : 'ignored';
      }
      return null;
    },
  };
}

function ruleOf(line: string): Rule[] {
  let pattern = withoutEnd(line.endsWith('\r') ? line.slice(0, -1) : line);
  if (pattern === '' || pattern.startsWith('#')) return [];
  const keeps = pattern.startsWith('!');
  if (keeps) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  const nameOnly = !pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  const special = pattern.search(/[*?[\\]/);
  return [{ pattern, keeps, foldersOnly, nameOnly, literal: special === -1 ? pattern.length : special }];
}

/** Without spaces at the end, unless a backslash stands before them. */
function withoutEnd(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') {
      at += 1;
      if (at >= line.length) return line;
    } else if (line[at] === ' ') continue;
    end = at + 1;
  }
  return line.slice(0, end);
}

function matchesName({ pattern, literal }: Rule, name: string): boolean {
  if (literal === pattern.length) return pattern === name;
  return createWildMatch(pattern, false)(0, name, 0) === 'match';
}

/** What stands for itself is compared first; the rest counts as the start of a pattern, for `**` too, as git has it. */
function matchesPath({ pattern, literal }: Rule, path: string): boolean {
  if (!path.startsWith(pattern.slice(0, literal))) return false;
  if (literal === pattern.length) return path.length === literal;
  return createWildMatch(pattern, true)(literal, path, literal) === 'match';
}

/** `over`: the text ended first, so no longer try can match. `segment`: a `*` met a slash, so only a `**` further out can help. */
type Outcome = 'match' | 'no' | 'over' | 'segment';

function createWildMatch(pattern: string, slashes: boolean) {
  return match;

  /** Whether the pattern from `start` is the text from `from` to its end. */
  function match(start: number, text: string, from: number): Outcome {
    let at = start;
    let seen = from;
    for (; at < pattern.length; at += 1, seen += 1) {
      const sign = pattern[at];
      const found = text[seen];
      if (sign === '*') {
        const { next, crosses, skips } = starAt(at, start);
        if (skips && match(next + 1, text, seen) === 'match') return 'match';
        if (next === pattern.length) return !crosses && text.includes('/', seen) ? 'segment' : 'match';
        return afterStar(next, crosses, { text, from: seen });
      }
      if (found === undefined) return 'over';
      if (sign === '[') {
        const set = readSet(pattern, at);
        if (set === null) return 'over';
        if (!set.has(found) || (slashes && found === '/')) return 'no';
        at = set.end;
      } else if (sign === '?') {
        if (slashes && found === '/') return 'no';
      } else {
        if (sign === '\\') at += 1;
        if (pattern[at] !== found) return 'no';
      }
    }
    return seen < text.length ? 'no' : 'match';
  }

  function starAt(at: number, start: number): { next: number; crosses: boolean; skips: boolean } {
    let next = at + 1;
    while (pattern[next] === '*') next += 1;
    if (!slashes) return { next, crosses: true, skips: false };
    const rest = pattern.slice(next, next + 2);
    const opens = at === start || pattern[at - 1] === '/';
    const closes = rest === '' || rest.startsWith('/') || rest === '\\/';
    const crosses = next - at > 1 && opens && closes;
    return { next, crosses, skips: crosses && rest.startsWith('/') };
  }

  function afterStar(
    next: number,
    crosses: boolean,
    { text, from }: { text: string; from: number },
  ): Outcome {
    for (let seen = from; seen < text.length; seen += 1) {
      const outcome = match(next, text, seen);
      if (outcome === 'match' || outcome === 'over' || (outcome === 'segment' && !crosses)) return outcome;
      if (!crosses && text[seen] === '/') return 'segment';
    }
    return 'over';
  }
}

interface CharacterSet {
  readonly has: (character: string) => boolean;
  /** Where its closing bracket stands. */
  readonly end: number;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[a-z0-9]/i,
  alpha: /[a-z]/i,
  blank: /[ \t]/,
  cntrl: /(?=\p{ASCII})[^ -~]/u,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9a-f]/i,
};

/** The set that opens at `open`; null when it is not closed or names a class that does not exist. */
function readSet(pattern: string, open: number): CharacterSet | null {
  let at = open + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  const tests: ((character: string) => boolean)[] = [];
  let before = '';
  for (let first = true; first || pattern[at] !== ']'; first = false, at += 1) {
    const named = pattern[at] === '[' && pattern[at + 1] === ':' ? pattern.indexOf(']', at + 2) : -1;
    const isRange: boolean =
      pattern[at] === '-' && before !== '' && ![']', undefined].includes(pattern[at + 1]);
    if (named > at + 2 && pattern[named - 1] === ':') {
      const members = CLASSES[pattern.slice(at + 2, named - 1)];
      if (members === undefined) return null;
      tests.push((character) => members.test(character));
      at = named;
      before = '';
      continue;
    }
    if (isRange) at += 1;
    if (pattern[at] === '\\') at += 1;
    const sign = pattern[at] ?? '';
    if (sign === '') return null;
    const [low, high] = [isRange ? before : sign, sign];
    tests.push((character) => character >= low && character <= high);
    before = isRange ? '' : sign;
  }
  return { end: at, has: (character) => tests.some((test) => test(character)) !== negated };
}

/** One character a byte, because git's patterns are about bytes. */
function inBytes(text: string): string {
  const folded = FOLDS_CASE ? text.toLowerCase() : text;
  return /^\p{ASCII}*$/u.test(folded) ? folded : Buffer.from(folded).toString('latin1');
}
