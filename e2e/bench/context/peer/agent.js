import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

// The peer: LangGraph's prebuilt ReAct agent with one tool that reads a file, on the scripted server whose address is given. One argument of
// JSON: `{ address, folder, goal, turns }`; the answer is one line of JSON.

const { address, folder, goal, turns } = JSON.parse(process.argv[2]);
const readFile = tool(
  ({ path }) =>
    JSON.stringify({
      path,
      lines: readFileSync(join(folder, path), 'utf8')
        .split('\n')
        .map((quote, index) => ({ line: index + 1, quote })),
    }),
  {
    name: 'read_file',
    description: 'Reads lines of one text file inside the folder.',
    schema: z.object({ path: z.string() }),
  },
);
const llm = new ChatOpenAI({
  model: 'scripted-1',
  apiKey: 'none',
  configuration: { baseURL: address },
  maxRetries: 0,
});
const agent = createReactAgent({ llm, tools: [readFile] });
const { messages } = await agent.invoke(
  { messages: [new HumanMessage(goal)] },
  { recursionLimit: 4 * turns + 10 },
);
process.stdout.write(`${JSON.stringify({ answer: String(messages.at(-1).content) })}\n`);
