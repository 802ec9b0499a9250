import { setImmediate as turn } from 'node:timers/promises';
import { Parser } from 'htmlparser2';

/** What an HTML page says. `whole` is false when it says more than was asked for. */
export interface PageText {
  readonly title: string;
  readonly text: string;
  readonly whole: boolean;
}

/** UTF-16 units parsed between two looks at the signal. */
const STEP = 16 * 1024;
/** Elements inside each other; browsers stop earlier. */
const DEEPEST = 1000;
const TITLE = 500;

const UNSEEN = new Set(
  'script style noscript template svg math iframe object canvas audio video textarea select'.split(' '),
);
const LINE = new Set('address dd dt figcaption li tr summary caption legend option br'.split(' '));
const BLOCK = new Set(
  'article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul'.split(
    ' ',
  ),
);

/** What stands between two words, from the weakest to the strongest. */
const GAPS = ['', ' ', '\t', '\n', '\n\n'] as const;

class Writer {
  readonly #parts: string[] = [];
  #gap = 0;
  #lead = '';
  length = 0;

  /** What the next words begin with; until they come nothing parts it from them. */
  lead(lead: string): void {
    this.#lead = lead;
  }

  gap(gap: (typeof GAPS)[number]): void {
    if (this.#lead === '') this.#gap = Math.max(this.#gap, GAPS.indexOf(gap));
  }

  write(text: string): void {
    if (text === '') return;
    const between = this.length === 0 ? '' : (GAPS[this.#gap] ?? '');
    this.#gap = 0;
    this.#parts.push(between, this.#lead, text);
    this.length += between.length + this.#lead.length + text.length;
    this.#lead = '';
  }

  /** Words with one space between them, whatever stood there. */
  flow(text: string): void {
    if (/^\s/.test(text)) this.gap(' ');
    this.write(text.trim().replaceAll(/\s+/g, ' '));
    if (/\s$/.test(text)) this.gap(' ');
  }

  text(): string {
    return this.#parts.join('');
  }
}

/**
 * The title of an HTML page and what a reader of it sees, in lines. Parses in steps and stops with the signal's reason when it aborts;
 * stops early, and not whole, after `limit` UTF-16 units of text or in elements nested deeper than any page's.
 */
export async function readPage(html: string, limit: number, signal: AbortSignal): Promise<PageText> {
  const [title, body] = [new Writer(), new Writer()];
  const open = { depth: 0, unseen: 0, pre: 0, title: false, titled: false };
  const parser = new Parser({
    onopentagname: (name) => {
      open.depth += 1;
      if (UNSEEN.has(name)) open.unseen += 1;
      if (name === 'pre') open.pre += 1;
      if (name === 'title' && !open.titled) open.title = true;
      separate(body, name);
      if (name === 'li' && open.unseen === 0) body.lead('- ');
    },
    ontext: (text) => {
      if (open.title && title.length < TITLE) title.flow(text);
      if (open.title || open.unseen > 0) return;
      if (open.pre > 0) body.write(text);
      else body.flow(text);
    },
    onclosetag: (name) => {
      open.depth -= 1;
      if (UNSEEN.has(name)) open.unseen -= 1;
      if (name === 'pre') open.pre -= 1;
      if (name === 'title') [open.title, open.titled] = [false, true];
      if (name === 'li') body.lead('');
      separate(body, name);
    },
  });
  const isOver = () => body.length > limit || open.depth > DEEPEST;
  let at = 0;
  for (; at < html.length && !isOver(); at += STEP) {
    parser.write(html.slice(at, at + STEP));
    await turn();
    signal.throwIfAborted();
  }
  const whole = !isOver();
  if (whole) parser.end();
  return { title: title.text().slice(0, TITLE), text: body.text(), whole };
}

function separate(body: Writer, name: string): void {
  if (BLOCK.has(name)) body.gap('\n\n');
  else if (LINE.has(name)) body.gap('\n');
  else if (name === 'td' || name === 'th') body.gap('\t');
}
