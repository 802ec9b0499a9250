import { ChatRequest, textOf } from './endpoint-protocol.ts';
import type { Said } from './endpoint-script.ts';

/** Which parts it fails on purpose, and how its answers are sent. */
export interface StudentOptions {
  readonly wrong?: readonly ('schema' | 'tool-choice' | 'summary' | 'refusal')[];
  readonly more?: Partial<Said>;
}

/**
 * Answers the questions of the examination as they come over the wire, by patterns of their texts: so that a scripted server can pass a
 * test whose names and numbers it does not know beforehand. It knows nothing else.
 */
export function examStudent({ wrong = [], more = {} }: StudentOptions = {}): (words: string) => Said {
  return (words) => {
    const { messages, tools = [], response_format: format } = ChatRequest.parse(JSON.parse(words));
    const asked = textOf(messages.at(-1)?.content ?? '');
    if (tools.length > 0) {
      const call = wrong.includes('tool-choice')
        ? { name: 'list_files', input: { folder: 'other' } }
        : callFor(asked);
      return { calls: [{ id: 'c1', name: call.name, pieces: [JSON.stringify(call.input)] }], ...more };
    }
    if (format !== undefined && format !== null)
      return { text: JSON.stringify(wrong.includes('schema') ? { other: 1 } : formOf(asked)), ...more };
    if (asked.includes('Question: ')) return { text: answerTo(asked, wrong.includes('refusal')), ...more };
    return {
      text: wrong.includes('summary') ? 'All is well in Paris since 1999.' : summaryOf(asked),
      ...more,
    };
  };
}

function groups(pattern: RegExp, text: string): Readonly<Record<string, string>> | null {
  return pattern.exec(text)?.groups ?? null;
}

function formOf(asked: string): Readonly<Record<string, unknown>> {
  const order = groups(
    /\n(?<customer>[^\n]+) ordered (?<quantity>\d+) (?<colour>\w+) (?<item>\w+)s\./,
    asked,
  );
  if (order !== null)
    return { ...order, quantity: Number(order['quantity']), gift: !asked.includes('not a gift') };
  const stay = groups(
    /\n(?<guest>[^\n]+) stays in (?<city>\w+) for (?<nights>\d+) nights from (?<day>\w+)/,
    asked,
  );
  if (stay !== null)
    return { ...stay, nights: Number(stay['nights']), breakfast: !asked.includes('without breakfast') };
  const sent = groups(
    /In (?<month>\w+) (?<sender>.+) sent a parcel of (?<grams>\d+) grams from (?<from>\w+)\./,
    asked,
  );
  return { ...sent, grams: Number(sent?.['grams']), fragile: !asked.includes('not fragile') };
}

function callFor(asked: string): { readonly name: string; readonly input: Readonly<Record<string, string>> } {
  const file = groups(/written in (?<path>\S+)\.$/, asked);
  if (file !== null) return { name: 'read_file', input: { ...file } };
  const word = groups(/the word "(?<word>\w+)"/, asked);
  if (word !== null) return { name: 'find_text', input: { ...word } };
  const folder = groups(/in the folder (?<folder>\S+)\?/, asked);
  if (folder !== null) return { name: 'list_files', input: { ...folder } };
  return { name: 'write_message', input: { ...groups(/Tell (?<to>.+) exactly this: (?<text>.+)$/, asked) } };
}

function summaryOf(asked: string): string {
  const bridge = groups(/The bridge at (?<place>\w+)/, asked);
  if (bridge !== null) return `The bridge at ${bridge['place']} was closed and repaired; nobody was hurt.`;
  const library = groups(/library of (?<place>\w+)\..* council chose (?<next>\w+ \w+)/, asked);
  if (library !== null) return `The library of ${library['place']} has a new head, ${library['next']}.`;
  return `${groups(/of (?<product>\w+) was withdrawn/, asked)?.['product']} was withdrawn because it deleted drafts.`;
}

const HELD = [
  [/were cracks found/, /cracks in (?<value>\d+)/],
  [/did the repair take/, /repair took (?<value>\d+) weeks/],
  [/Who was chosen/, /council chose (?<value>\w+ \w+)/],
  [/How many applicants/, /Out of (?<value>\d+) applicants/],
  [/how many hours was/, /withdrawn (?<value>\d+) hours/],
  [/Which version mends/, /Version (?<value>[\d.]+), which mends/],
] as const;

function answerTo(asked: string, isMadeUp: boolean): string {
  const question = asked.slice(asked.indexOf('Question: '));
  const held = HELD.find(([about]) => about.test(question));
  if (held === undefined) return isMadeUp ? 'About 40.' : 'ABSENT';
  return groups(held[1], asked)?.['value'] ?? '';
}
