import { type Fact, type FactKind, QUOTE_LIMIT, VALUE_LIMIT } from './fact.ts';

/** Whether a file name is a README or, for a folder of documents, something with headings. */
export function isReadme(name: string): boolean {
  return /^readme(\.(md|markdown|rst|txt|adoc))?$/i.test(name);
}

const COMMANDS: readonly [FactKind, RegExp][] = [
  [
    'install',
    /^(?:\$\s*)?((?:npm (?:i|install|ci)|pnpm (?:i|add|install)|yarn add|pip3? install|pipx install|cargo (?:add|install)|go (?:get|install)|brew install|gem install|composer require|apt(?:-get)? install|uv (?:add|pip))\b.*)$/,
  ],
  [
    'test',
    /^(?:\$\s*)?((?:npm (?:t|test)|npm run test\S*|pnpm test|yarn test|pytest|python3? -m (?:pytest|unittest)|tox|cargo test|go test|make (?:test|check)|mvn test|ctest)\b.*)$/,
  ],
  [
    'run',
    /^(?:\$\s*)?((?:npm (?:start|run \S+)|npx \S+|pnpm (?:start|dev)|yarn (?:start|dev)|python3? \S+\.py|python3? -m \S+|cargo run|go run|make(?: \w+)?|docker (?:run|compose)|\.\/\S+|node \S+)\b.*)$/,
  ],
];

/** What a README says of itself: title, first sentence wherever it stands, and the commands in its code blocks. */
export function readmeFacts(path: string, lines: readonly string[]): readonly Fact[] {
  const facts: Fact[] = [];
  const add = (kind: FactKind, index: number, value: string) => {
    const command = kind === 'title' || kind === 'description' ? null : value;
    const quote = lines[index];
    if (quote !== undefined && quote.length <= QUOTE_LIMIT) {
      facts.push({
        kind,
        label: '',
        value: value.slice(0, VALUE_LIMIT),
        command,
        path,
        line: index + 1,
        quote,
      });
    }
  };
  const begin = frontMatter(lines);
  const code = new Set([...codeLines(lines)].map(([index]) => index));
  const first = lines.findIndex(
    (line, index) => index >= begin && !code.has(index) && isProse(line, lines[index + 1]),
  );
  // A heading below the first sentence names a part of the text, not the whole.
  const above = first === -1 ? lines.length : first;
  const title = lines.findIndex((_, at) => at >= begin && at < above && headingAt(lines, at) !== null);
  const named = headingAt(lines, title);
  if (named !== null) add('title', title, named);
  const sentence = lines[first];
  if (sentence !== undefined) add('description', first, plain(sentence));
  for (const [index, text] of codeLines(lines)) {
    for (const [kind, pattern] of COMMANDS) {
      const command = pattern.exec(text.trim())?.[1];
      if (command === undefined) continue;
      add(kind, index, command);
      break;
    }
  }
  return facts;
}

/** The headings of a document, at most `limit`; what its front matter says of it stands before them. */
export function headingFacts(path: string, lines: readonly string[], limit: number): readonly Fact[] {
  const found: Fact[] = [];
  const begin = frontMatter(lines);
  let fenced = false;
  for (const [index, quote] of lines.entries()) {
    if (/^\s*(```|~~~)/.test(quote)) fenced = !fenced;
    const value = index < begin ? statedOf(quote) : fenced ? null : headingAt(lines, index);
    if (value === null || quote.length > QUOTE_LIMIT) continue;
    found.push({
      kind: 'heading',
      label: '',
      value: value.slice(0, VALUE_LIMIT),
      command: null,
      path,
      line: index + 1,
      quote,
    });
    if (found.length === limit) break;
  }
  return found;
}

/** How many lines of front matter a document begins with. */
function frontMatter(lines: readonly string[]): number {
  return lines[0]?.trim() === '---' ? lines.indexOf('---', 1) + 1 : 0;
}

/** The title or description that a line of front matter states. */
function statedOf(line: string): string | null {
  const value = /^(?:title|description):\s*(\S.*?)\s*$/.exec(line)?.[1];
  return value?.replace(/^(["'])(.+)\1$/, '$2') ?? null;
}

/** Markdown's two kinds of heading and reStructuredText's underlined one. */
function headingAt(lines: readonly string[], index: number): string | null {
  const text = lines[index] ?? '';
  const hashes = /^#{1,6}\s+(.+?)\s*#*\s*$/.exec(text)?.[1];
  if (hashes !== undefined) return plain(hashes) || null;
  const under = lines[index + 1] ?? '';
  const underlined =
    /^(=+|-+|~+|\^+)\s*$/.test(under) && under.trim().length >= Math.min(3, text.trim().length);
  return underlined && /^[^\s#>|`*-]/.test(text) ? plain(text) : null;
}

/** What no sentence begins with: headings, quotes, tables, list items, fences, directives, comments and attributes of a tag. */
const NO_PROSE = /^(?:[#>|=~]|[*+-]\s|```|\.\. |:|\d+\.\s|<!--|[\w-]+=["'])/;

function isProse(line: string, next: string | undefined): boolean {
  const text = line.trim();
  if (/^(=+|-+|~+)\s*$/.test(next ?? '') || NO_PROSE.test(text)) return false;
  // Links alone are badges and menus.
  const unlinked = plain(text.replace(/!?\[[^[\]]*\](?:\([^()]*\)|\[[^[\]]*\])/g, ' '));
  if (/^[[!]/.test(text) && (unlinked.match(/\p{L}{2,}/gu)?.length ?? 0) < 2) return false;
  return plain(text).split(/\s+/).length >= 3 && /[\p{L}]{2}/u.test(plain(text));
}

/** Without Markdown's marks, images and link targets. */
function plain(text: string): string {
  return text
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]+>/g, '')
    .replace(/[*_`]{1,3}/g, '')
    .trim();
}

function* codeLines(lines: readonly string[]): Generator<[number, string]> {
  let fenced = false;
  for (const [index, text] of lines.entries()) {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    else if (fenced || /^( {4}|\t)\S/.test(text)) yield [index, text];
    else if (/^`[^`]+`$/.test(text.trim())) yield [index, text.trim().slice(1, -1)];
  }
}
