import type { Slots } from '@soma/schemas/event';

/** Most places for slots and for any words of one example. */
export const MOST_SLOTS = 3;
/** A goal longer than this, in UTF-16 units, is no sentence of a template with so many places: the ways to fit it multiply with each. */
const LONGEST = [1000, 1000, 1000, 400] as const;
/** Where two places touch, nothing says where one ends and the next begins, and every way is tried. */
const LONGEST_GLUED = 100;
/** Nor is one with a hole like this in it. */
const HOLE = /\s{8}/;
/** What people put before a wish, and after it, in the languages that the examples speak. */
const BEFORE = String.raw`^[\s¿¡]*(?:(?:please|pls|plz|kindly|hi|hey|hello|ok|okay|now|just|yo|can you|could you|would you|will you|can we|we should|we need to|you should|i want to|i need to|i want you to|i need you to|i would like to|i would like you to|i'd like to|i'd like you to|let's|let us|help me to|help me|go ahead and|bitte|hallo|moin|mal|kannst du|könntest du|können sie|könnten sie|kannst du bitte|ich möchte|ich will|wir sollten|s'il (?:te|vous) pla[iî]t|stp|svp|bonjour|tu peux|peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|je veux|je voudrais|il faut|por favor|hola|puedes|podrías|puede usted|quiero|necesito|hay que|olá|oi|pode|podes|poderia|você pode|quero|preciso)[\s,:¿¡]+)*`;
const WHOLE = `(?:the|this|my|our) (?:whole |entire )?(?:folder|directory|project|repo|repository|code|code ?base|package|app|application)`;
const THANKS = String.raw`please|pls|plz|bitte|danke|thanks|thank you|thx|stp|svp|s'il (?:te|vous) pla[iî]t|merci|por favor|gracias|obrigad[oa]|for me|now|and (?:then )?(?:tell|show|report to|let) me\b.*`;
const EVERYWHERE = `here|everywhere|throughout|in (?:all|every|any|each)(?: of)?(?: the| my| our)? files?|(?:in|across|throughout) (?:all of )?${WHOLE}|across (?:all|every)(?: the)? files?|überall|in allen dateien|in jeder datei|im (?:ganzen |gesamten )?(?:ordner|projekt|code|verzeichnis)|partout|dans (?:tous les fichiers|tout (?:le|ce) (?:projet|dossier|code|dépôt))|en (?:todos los (?:archivos|ficheros)|todas partes|todo el (?:proyecto|código))|em (?:todos os (?:arquivos|ficheiros)|toda parte|todo (?:o )?(?:projeto|código))`;
const MANNERS = new RegExp(String.raw`[\s,;]+(?:${THANKS})[\s.!?]*$`, 'iu');
const SCOPE = new RegExp(String.raw`[\s,;]+(?:${THANKS}|${EVERYWHERE})[\s.!?]*$`, 'iu');
const POLITE = new RegExp(BEFORE, 'iu');
const END = String.raw`[\s.!?]*$`;
/** Polite words, and words for "everywhere", one after the other at the end of a goal. */
const MOST_ENDS = 5;
const OPEN = String.raw`(?:["'“”„‘’‚‹›\x60]|[«»]\s*)`;
const CLOSE = String.raw`(?:["'“”‘’‹›\x60]|\s*[«»])`;
const PLAIN = String.raw`[^\s"'“”„‘’‚‹›«»\x60]`;
/** What a place for a slot takes, by the sign behind its name: nothing, `/` or `...`; else endings of files. */
const TAKES: Readonly<Record<string, string>> = {
  '': `(?:${OPEN}(.+?)${CLOSE}|(${PLAIN}+?))`,
  '/': `(?:${OPEN}(.+?)${CLOSE}|(${PLAIN}*[./]${PLAIN}*?))`,
  '...': '(?:()(.+?))',
  '...?': '(?:()(.+?))',
};
/** A place for a slot: its name and its sign. */
const SLOT = /\{(\w+)(\/|\.\.\.\??|\.\w+(?:,\w+)*)?\}/g;
/** In an example, any words or none. */
const GAP = '...';
/** How many words the ending of a file is worth: who names one means that file. */
const ENDING = 3;
/** Words that name nothing by themselves, and texts that are about everything there is, so that no slot takes them. */
const NOTHING =
  /^(?:this|that|these|those|it|them|everything|something|anything|all|whole|entire|following)$/i;
const ALL_OF_IT =
  /(?:^|\s)(?:this|these|my|our)(?: (?:whole |entire )?(?:folder|directory|project|repo|repository|code|code ?base|package|library|app|application|program|software|thing|table|data|data ?set|spreadsheet|documents?|files|texts|pages))?$/i;

/** Where a person stands in the place of what is looked for, it is likely not looked for in files. */
const A_PERSON = /^(?:i|me|us|my|ich|mir|mich|uns|je|moi|nous|yo|eu)\b|\bshould i\b|\bsoll ich\b/i;

/**
 * An example goal with places for slots: `{name}` stands for one word or a quoted text, `{name/}` for a path (a word with a dot or a
 * slash, or a quoted text), `{name.csv,tsv}` for a path that ends so, `{name...}` for one or more words, `{name...?}` for the same where the plan may be meant but is only asked about. Beside them `...` stands for
 * any words or none, and `a|b` for either word. "rename {from} to {to}" fits "Rename fastq to createQueue!" and fills both.
 */
export interface Template {
  /** Words besides the slots; the ending of a file counts as several. */
  readonly words: number;
  /** Places for slots and for any words, as far as they make it slow. */
  readonly places: number;
  readonly slots: readonly string[];
  /** What a goal fills the slots with; null when it does not fit. */
  readonly fit: (goal: string) => Slots | null;
  /** Whether one that fits, filled so, says too little to be followed: a person is asked. */
  readonly isDoubtful: (filled: Slots) => boolean;
}

const made = new Map<string, Template | null>();

/** The example as a template; null when it has neither a slot nor a gap. */
export function templateOf(example: string): Template | null {
  const known = made.get(example);
  if (known !== undefined) return known;
  const template = compile(example);
  made.set(example, template);
  return template;
}

function compile(example: string): Template | null {
  const places = [...example.matchAll(SLOT)];
  const own = example.replace(SLOT, ' ').split(/\s+/).filter(Boolean);
  const gaps = own.filter((word) => word === GAP).length;
  // What an example ends with is not looked for in more than one way.
  const open = places.length + gaps - (example.trim().endsWith(` ${GAP}`) ? 1 : 0);
  if (places.length + gaps === 0) return null;
  const pattern = new RegExp(`^${patternOf(unaccented(example))}${END}`, 'diu');
  const loose = places.filter(([, , sign = '']) => sign.startsWith(GAP));
  const endings = places.filter(([, , sign]) => sign !== undefined && TAKES[sign] === undefined).length;
  const isGlued = example.includes('}{');
  const longest = isGlued ? LONGEST_GLUED : (LONGEST[Math.min(open, MOST_SLOTS)] ?? 0);
  return {
    words: own.length - gaps + ENDING * endings,
    places: open,
    slots: places.map(([, name = '']) => name),
    fit: (goal) => {
      if (goal.trim().length > longest) return null;
      for (const said of sayingsOf(goal)) {
        const slots = filled(said, pattern.exec(unaccented(said)), places);
        if (slots !== null) return slots;
      }
      return null;
    },
    isDoubtful: (slots) =>
      loose.some(([, name = '', sign]) => sign === `${GAP}?` || A_PERSON.test(slots[name] ?? '')),
  };
}

/** Whether an example leaves open which words it is made of, so that it is no sentence by itself. */
export function isLoose(example: string): boolean {
  return example.includes('|') || example.split(/\s+/).includes(GAP);
}

/** The example as plain words. */
export function withoutSlots(example: string): string {
  return example
    .replace(SLOT, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== GAP)
    .map((word) => word.split('|')[0] ?? '')
    .join(' ');
}

/** A goal without the polite words around it. */
export function withoutManners(goal: string): string {
  return sayingsOf(goal)[0] ?? goal;
}

let last: { readonly goal: string; readonly sayings: readonly string[] } = { goal: '', sayings: [] };

/** What a goal says: without the polite words around it, without "everywhere" and its like, and as it is; none that is too long. */
function sayingsOf(goal: string): readonly string[] {
  if (last.goal === goal) return last.sayings;
  const said = goal.trim();
  const isLong = said.length > (LONGEST[0] ?? 0) || HOLE.test(said);
  const wish = isLong ? '' : said.replace(POLITE, '');
  const sayings = isLong ? [] : [...new Set([shortened(wish, MANNERS), shortened(wish, SCOPE), wish])];
  last = { goal, sayings };
  return sayings;
}

function shortened(said: string, end: RegExp): string {
  let short = said;
  for (let ends = 0; ends < MOST_ENDS; ends += 1) short = short.replace(end, '');
  return short;
}

function patternOf(example: string): string {
  let pattern = '';
  let isGap = false;
  for (const word of example.split(/\s+/).filter(Boolean)) {
    if (word === GAP) isGap = true;
    else {
      const between = isGap ? String.raw`(?:.*?[\s(,])?` : String.raw`[,;:]?\s+`;
      pattern += (pattern === '' && !isGap ? '' : between) + wordPattern(word);
      isGap = false;
    }
    if (isGap && /\w\)?$/.test(pattern)) pattern += String.raw`\b`;
  }
  return isGap ? `${pattern}.*` : pattern;
}

/** A word of an example, or what stands in its place, with the signs around it. */
function wordPattern(word: string): string {
  const literal = (text: string) => text.replace(/[.*+?^${}()[\]\\]/g, '\\$&');
  let pattern = '';
  let end = 0;
  for (const { 0: place, 2: sign = '', index } of word.matchAll(SLOT)) {
    pattern += literal(word.slice(end, index)) + (TAKES[sign] ?? endingIn(sign.slice(1).split(',')));
    end = index + place.length;
  }
  const rest = literal(word.slice(end));
  return pattern + (rest.includes('|') ? `(?:${rest})` : rest);
}

function endingIn(endings: readonly string[]): string {
  const end = String.raw`\.(?:${endings.join('|')})`;
  return String.raw`(?:${OPEN}([^"“”\x60]+?${end})${CLOSE}|(${PLAIN}+?${end})(?![\w/]))`;
}

function filled(
  said: string,
  match: RegExpExecArray | null,
  places: readonly RegExpExecArray[],
): Slots | null {
  if (match === null) return null;
  const found: Record<string, string> = {};
  const textOf = (group: number) => said.slice(...(match.indices?.[group] ?? [0, 0]));
  for (const [index, [, name = '', sign = '']] of places.entries()) {
    // Every place has two groups: what stood in quotes, and what did not.
    const plain = textOf(2 * index + 2);
    if (sign.startsWith(GAP) ? ALL_OF_IT.test(plain) : NOTHING.test(plain)) return null;
    found[name] = textOf(2 * index + 1) || plain;
  }
  return found;
}

/** The text with plain letters for accented ones and one sign for every apostrophe, each in its place. */
export function unaccented(text: string): string {
  return text
    .replace(/[\u00c0-\u024f]/gu, (letter) => letter.normalize('NFD').charAt(0))
    .replaceAll('’', "'");
}
