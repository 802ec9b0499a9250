import { DAYS, MONTHS, PEOPLE, PLACES, PRODUCTS } from './names.table.ts';
import { messagesOf, type Question, type SummaryKey } from './question.ts';
import type { Random } from './random.ts';

/** What a model is to say where the text does not hold the answer. */
export const ABSENT = 'ABSENT';
const SUM_UP =
  'Sum up the text in one line of at most 30 words. Say only what the text says. Name who or what it is about. Nothing else.';
const ANSWER = `Answer the question from the text alone, with as few words as possible. Where the text does not hold the answer, say exactly ${ABSENT} and nothing else.`;

/** A text, what a summary of it holds, and questions about it: with what it says, or null. */
interface Story extends SummaryKey {
  readonly questions: readonly (readonly [string, string | null])[];
}

const bridge = (random: Random): Story => {
  const [place = '', ferry = ''] = random.some(PLACES, 2);
  const [month, day, cracked, weeks] = [
    random.one(MONTHS),
    random.between(2, 27),
    random.between(3, 9),
    random.between(4, 15),
  ];
  const girders = cracked + random.between(12, 30);
  return {
    text: `The bridge at ${place} was closed on ${day} ${month}, because an inspection had found cracks in ${cracked} of its ${girders} girders. Meanwhile the ferry of ${ferry} carried the traffic. The repair took ${weeks} weeks and cost less than had been planned. Nobody was hurt.`,
    says: [[place.toLowerCase()], ['bridge'], ['clos', 'shut', 'repair', 'crack']],
    denied: [
      {
        word: ['hurt', 'injur', 'died', 'killed', 'casualt'],
        unless: ['no ', 'nobody', 'no one', 'without', 'none', 'not '],
      },
      { word: ['over budget', 'more than planned', 'collaps'], unless: [] },
    ],
    questions: [
      ['In how many girders were cracks found?', String(cracked)],
      ['How many weeks did the repair take?', String(weeks)],
      ['Who inspected the bridge?', null],
      ['How much money did the repair cost?', null],
    ],
  };
};

const library = (random: Random): Story => {
  const [former = '', next = ''] = random.some(PEOPLE, 2);
  const [place, month, day] = [random.one(PLACES), random.one(MONTHS), random.one(DAYS)];
  const [years, applicants] = [random.between(6, 29), random.between(31, 58)];
  return {
    text: `${former} retired in ${month} after ${years} years at the head of the library of ${place}. Out of ${applicants} applicants the town council chose ${next}, who means to keep the reading room open until late every ${day}. All other opening hours stay as they are.`,
    says: [
      ['librar'],
      [former, next].map((name) => name.split(' ')[1]?.toLowerCase() ?? name),
      ['retir', 'new head', 'success', 'succe', 'replac', 'follow', 'chose', 'takes over', 'appoint'],
    ],
    denied: [{ word: ['clos', 'sacked', 'dismiss', 'fired', 'cut hours'], unless: [] }],
    questions: [
      ['Who was chosen?', next],
      ['How many applicants were there?', String(applicants)],
      [`How old is ${former}?`, null],
      ['How many books does the library have?', null],
    ],
  };
};

const release = (random: Random): Story => {
  const [product, month, day] = [random.one(PRODUCTS), random.one(MONTHS), random.between(2, 27)];
  const [major, minor, hours] = [random.between(2, 9), random.between(1, 8), random.between(3, 22)];
  const [bad, good] = [`${major}.${minor}`, `${major}.${minor + 1}`];
  return {
    text: `Version ${bad} of ${product} was withdrawn ${hours} hours after it had come out, because it deleted drafts whenever a disk was full. Version ${good}, which mends this, has been there since ${day} ${month}. Drafts that were deleted cannot be brought back.`,
    says: [
      [product.toLowerCase()],
      ['withdr', 'pulled', 'recall', 'removed', 'taken back', 'mend', 'fix'],
      ['draft'],
    ],
    denied: [
      {
        word: ['recover', 'restor', 'brought back', 'bring back'],
        unless: ['cannot', "can't", 'not ', 'un', 'irre'],
      },
      { word: ['hack', 'stolen', 'leak'], unless: [] },
    ],
    questions: [
      ['After how many hours was the version withdrawn?', String(hours)],
      ['Which version mends the fault?', good],
      [`Who makes ${product}?`, null],
      ['How many people lost drafts?', null],
    ],
  };
};

const STORIES = [bridge, library, release] as const;

/** Two texts to sum up. */
export function summaryQuestions(random: Random): readonly Question[] {
  return random.some(STORIES, 2).map((story) => {
    const { questions: _, ...key } = story(random);
    return {
      part: 'summary',
      ask: { messages: messagesOf(SUM_UP, key.text), tools: [], shape: null },
      key: { part: 'summary', ...key },
      asked: key.text,
      expected: key.says.map((group) => group.join(' / ')).join(', '),
    };
  });
}

/** Two texts with a question to each that they answer and one that they do not, so that always saying the same never passes. */
export function refusalQuestions(random: Random): readonly Question[] {
  const asked = random.some(STORIES, 2).flatMap((make) => {
    const { text, questions } = make(random);
    const [held] = random.some(
      questions.filter(([, value]) => value !== null),
      1,
    );
    const [missing] = random.some(
      questions.filter(([, value]) => value === null),
      1,
    );
    return [held, missing].flatMap((one) => (one === undefined ? [] : [{ text, question: one }]));
  });
  return random.some(asked, asked.length).map(({ text, question: [question, value] }) => ({
    part: 'refusal',
    ask: { messages: messagesOf(ANSWER, `${text}\n\nQuestion: ${question}`), tools: [], shape: null },
    key: { part: 'refusal', value },
    asked: question,
    expected: value ?? ABSENT,
  }));
}
