import type { TurnTool } from '@soma/schemas/turn';
import { FOLDERS, PEOPLE, WORDS } from './names.table.ts';
import { type Fields, messagesOf, type Question } from './question.ts';
import type { Random } from './random.ts';

const INSTRUCTION =
  'You have tools. Ask for exactly the one tool that does what is wanted, once, with its arguments. Say nothing else.';

/** The tools that are to choose from. None is ever run. */
const TOOLS: readonly TurnTool[] = [
  tool('read_file', 'Shows the text of one file.', { path: 'Path of the file.' }),
  tool('find_text', 'Looks in all files for a word.', { word: 'The word to look for.' }),
  tool('list_files', 'Names the files of a folder.', { folder: 'Name of the folder.' }),
  tool('write_message', 'Sends a message to a person.', {
    to: 'Name of the person.',
    text: 'What the message says.',
  }),
];

interface Errand {
  readonly asked: string;
  readonly tool: string;
  readonly input: Fields;
}

const ERRANDS: readonly ((random: Random) => Errand)[] = [
  (random) => {
    const path = `${random.one(FOLDERS)}/${random.one(WORDS)}-${random.between(11, 99)}.txt`;
    return { asked: `Show me what is written in ${path}.`, tool: 'read_file', input: { path } };
  },
  (random) => {
    const word = random.one(WORDS);
    return {
      asked: `In which of my files is there anything with the word "${word}"?`,
      tool: 'find_text',
      input: { word },
    };
  },
  (random) => {
    const folder = `${random.one(FOLDERS)}-${random.between(2001, 2029)}`;
    return { asked: `Which files are there in the folder ${folder}?`, tool: 'list_files', input: { folder } };
  },
  (random) => {
    const [to, word] = [random.one(PEOPLE), random.one(WORDS)];
    const text = `Your ${word} number is ${random.between(1000, 9999)}`;
    return { asked: `Tell ${to} exactly this: ${text}`, tool: 'write_message', input: { to, text } };
  },
];

/** Three errands, each for another tool. */
export function toolQuestions(random: Random): readonly Question[] {
  return random.some(ERRANDS, 3).map((errand) => {
    const { asked, tool: name, input } = errand(random);
    return {
      part: 'tool-choice',
      ask: {
        messages: messagesOf(INSTRUCTION, asked),
        tools: [...random.some(TOOLS, TOOLS.length)],
        shape: null,
      },
      key: { part: 'tool-choice', tool: name, input },
      asked,
      expected: `${name} ${JSON.stringify(input)}`,
    };
  });
}

function tool(name: string, description: string, told: Readonly<Record<string, string>>): TurnTool {
  const properties = Object.fromEntries(
    Object.entries(told).map(([key, what]) => [key, { type: 'string', description: what }]),
  );
  const input = { type: 'object', properties, required: Object.keys(told), additionalProperties: false };
  return { name, description, input };
}
