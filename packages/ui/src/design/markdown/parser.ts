import MarkdownIt, { type Token } from 'markdown-it';
import { placeOfLink } from './place.ts';

/** Definitions of links by their labels, as a text has them: `[label]: address`. */
export type Definitions = Readonly<Record<string, { readonly title: string; readonly href: string }>>;

/** A text in tokens, and the definitions that held for it. */
export interface Parsed {
  readonly tokens: readonly Token[];
  readonly definitions: Definitions;
}

/** Only these leave the app. */
const OUTSIDE = /^https?:\/\//i;

/**
 * Raw HTML stays text, and so does a link that leads neither outside by http(s) nor to a place in a file: the text may come from
 * anybody, and from a model. Definitions stay among the tokens, so that every line of a text belongs to one.
 */
const parser = new MarkdownIt({ html: false, linkify: true });
parser.validateLink = (address) => OUTSIDE.test(address) || placeOfLink(address) !== null;
// Names of files look like names of hosts: only what says http is a link by itself.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
for (const schema of ['ftp:', '//', 'mailto:']) parser.linkify.add(schema, null);
parser.core.ruler.disable('strip_references');
parser.core.ruler.push('tasks', ({ tokens }) => markTasks(tokens));

const BOX = /^\[([ xX])\]\s+/;

/** An item of a list that begins with a box is a task: its `meta` says whether it is done, and the box is taken out of its words. */
function markTasks(tokens: readonly Token[]): void {
  for (const [index, item] of tokens.entries()) {
    if (item.type !== 'list_item_open' || tokens[index + 1]?.type !== 'paragraph_open') continue;
    const [words] = tokens[index + 2]?.children ?? [];
    const box = words?.type === 'text' ? BOX.exec(words.content) : null;
    if (words === undefined || box === null) continue;
    words.content = words.content.slice(box[0].length);
    item.meta = { done: box[1] !== ' ' };
  }
}

/** Reads a text. What is defined already wins over what the text defines. */
export function parse(source: string, defined: Definitions): Parsed {
  const env = { references: { ...defined } };
  return { tokens: parser.parse(source, env), definitions: env.references };
}

/** The name under which a definition is known, of any text that mentions it. */
export const labelOf = (text: string): string => parser.utils.normalizeReference(text);
