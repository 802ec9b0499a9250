import table from './words.json' with { type: 'json' };

/** One word of a text: as it is looked up, and as it stands there with case and accents folded. */
export interface Word {
  readonly stem: string;
  readonly form: string;
}

/** Names and words, with the dots and hyphens that join them. */
const CHUNK = /[\p{L}\p{M}\p{N}_]+(?:[-.][\p{L}\p{M}\p{N}_]+)*/gu;
/** The parts of a name: `parseHTTPHeader2` is parse, HTTP, Header, 2. */
const PART = /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|[\p{Lu}\p{Lt}]+|\p{N}+/gu;
/** Longer words say nothing to anybody: they are data. */
const LONGEST = 64;
/** Names whose words are kept, and words whose stem is, so that they are worked out once. */
const KEPT = 50_000;

const stopWords: ReadonlySet<string> = new Set(table.stop);
const fillers: ReadonlySet<string> = new Set(table.filler);
const weakWords: ReadonlySet<string> = new Set(table.weak);
const endings: readonly string[] = table.endings;
const chunks = new Map<string, readonly Word[]>();
const stems = new Map<string, string>();
const valued: ReadonlySet<string> = new Set(table.valued);
const groups: readonly (readonly string[])[] = table.alike.map((group) => group.map(stemOf));

/**
 * The words of a text, in order. A compound name gives its parts and the whole, so that `getUser`, `get_user` and "get user" meet.
 */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const chunk of text.match(CHUNK) ?? []) {
    if (chunk.length > 4 * LONGEST) continue;
    for (const word of chunks.get(chunk) ?? wordsIn(chunk)) words.push(word);
  }
  return words;
}

function wordsIn(chunk: string): readonly Word[] {
  // A part of a text would keep the whole text in memory for as long as it is kept itself.
  const own = Buffer.from(chunk).toString();
  const words: Word[] = [];
  const names = own.split(/[-._]+/);
  for (const name of names) addName(name, words);
  if (names.length > 1) addWord(names.join(''), words);
  if (chunks.size >= KEPT) chunks.clear();
  chunks.set(own, words);
  return words;
}

function addName(name: string, words: Word[]): void {
  const parts = name.match(PART) ?? [];
  for (const part of parts) addWord(part, words);
  if (parts.length > 1) addWord(name, words);
}

function addWord(name: string, words: Word[]): void {
  const form = fold(name);
  if (form !== '' && form.length <= LONGEST) words.push({ stem: stemOf(form), form });
}

/** Lower case without accents, letters and digits only; `ß` is `ss`. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what ASCII is.
  if (/^[\x00-\x7f]*$/.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('ß', 'ss');
}

/** What the forms of a word have in common in English and German, roughly: endings are taken off while enough is left. */
export function stemOf(form: string): string {
  const known = stems.get(form);
  if (known !== undefined) return known;
  let stem = form;
  for (let next = shorter(stem); next !== stem; next = shorter(stem)) stem = next;
  if (stems.size >= KEPT) stems.clear();
  stems.set(form, stem);
  return stem;
}

function shorter(word: string): string {
  for (const ending of endings) {
    if (word.length - ending.length < 3 || !word.endsWith(ending)) continue;
    const rest = word.slice(0, -ending.length);
    if (/[aeiouy]/.test(rest)) return rest;
  }
  if (word.length > 3 && /([bcdfgklmnprstz])\1$/.test(word)) return word.slice(0, -1);
  return word;
}

/** A word of a question and how much it asks for, 0 to 1, before how rare it is counts. */
export interface Asked extends Word {
  readonly weight: number;
  /** Stems of words that mean much the same, such as `ref` for "reference". */
  readonly alike: readonly string[];
  /** Stems of the parts of a compound name; none of a simple word. */
  readonly parts: readonly string[];
  /** Two words that follow each other, as one name: asked for only where that name is known. */
  readonly joined: boolean;
}

/** Most different words of a question that are looked for. */
const ASKED_LIMIT = 40;
/** What a word asks for that mostly asks ("file", "happens"), and one that tells what is done rather than to what. */
const FILLER = 0.2;
const WEAK = 0.6;
const JOINED = 0.4;

/**
 * The words of a question that tell what is asked for, each once; none when it has none. Words that only ask ("where", "is", "wo")
 * are left out. A compound name counts by its parts and as a whole.
 */
export function askedIn(question: string): readonly Asked[] {
  const asked = new Map<string, Asked>();
  const german = isGerman(question);
  let before = '';
  for (const [index, chunk] of (question.match(CHUNK) ?? []).entries()) {
    if (asked.size >= ASKED_LIMIT) break;
    const words = wordsOf(chunk);
    const last = words.at(-1);
    const measure = index === 1 ? measureIn(question) : null;
    if (measure !== null) {
      asked.set(measure.stem, measure);
      continue;
    }
    if (last === undefined || stopWords.has(last.form)) {
      before = '';
      continue;
    }
    const { stem, form } = last;
    const isAction = german ? chunk === chunk.toLowerCase() : weakWords.has(form) || /(?:ed|ing)$/.test(form);
    const weight = fillers.has(form) ? FILLER : isAction ? WEAK : 1;
    const parts = words.slice(0, -1).map((part) => part.stem);
    if (!asked.has(stem)) asked.set(stem, { stem, form, weight, parts, alike: alikeTo(stem), joined: false });
    const name = before + form;
    const whole = stemOf(name);
    if (before !== '' && !fillers.has(form) && !asked.has(whole))
      asked.set(whole, { stem: whole, form: name, weight: JOINED, parts: [], alike: [], joined: true });
    before = fillers.has(form) ? '' : form;
  }
  return [...asked.values()];
}

/** A question that asks for a number: "how many", "how long", "wie oft", or after a default or a limit. */
export function asksNumber(question: string): boolean {
  return measureIn(question) !== null || wordsOf(question).some(({ form }) => valued.has(form));
}

/** What the number is called that a question begins to ask for, such as `count` for "how many". */
function measureIn(question: string): Asked | null {
  const of = fold(/^\W*(?:how|wie)\s+(\p{L}+)/iu.exec(question)?.[1] ?? '');
  const [form, ...others] = table.measures.find((measure) => measure.of.includes(of))?.by ?? [];
  if (form === undefined) return null;
  return { stem: stemOf(form), form, weight: FILLER, parts: [], alike: others.map(stemOf), joined: false };
}

/** In German a word that begins small is no noun. */
function isGerman(question: string): boolean {
  return /(?:^|\s)(?:wie|wo|was|wer|wann|warum|welche[mnrs]?|der|die|das|ein|eine|ich|und|wird|werden)\s/i.test(
    question,
  );
}

function alikeTo(stem: string): readonly string[] {
  return [...new Set(groups.filter((group) => group.includes(stem)).flat())].filter(
    (other) => other !== stem,
  );
}
