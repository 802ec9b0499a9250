import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Fault } from '@soma/schemas/event';
import { faultText } from '@soma/schemas/message';
import type { i18n } from 'i18next';
import { printable } from './printable.ts';

/** Where a terminal command speaks: its answer goes to stdout, all else to stderr. */
export interface Speech {
  readonly translator: i18n;
  /** One line of the answer. */
  answer(line: string): void;
  /** One line beside it. */
  say(line: string): void;
  sayFault(fault: Fault): void;
  /** Whether a person can be asked here. */
  readonly canAsk: boolean;
  /** What a person typed after the question; empty when they typed nothing. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** The same without showing what is typed; where nobody types, the first line that is piped in. */
  askSecret(question: string, signal: AbortSignal): Promise<string>;
}

export function createSpeech(translator: i18n): Speech {
  const write = (stream: NodeJS.WriteStream, line: string) => stream.write(`${line}\n`);
  // A reader that has seen enough, such as `head`, is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return {
    translator,
    answer: (line) => write(process.stdout, line),
    say: (line) => write(process.stderr, line),
    sayFault: (fault) => {
      const { title, code, cause, effect, next } = faultText(translator, printableData(fault));
      write(process.stderr, translator.t('terminal.fault', { title, code, cause, effect, next }));
    },
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    ask: async (question, signal) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question, { signal });
      } finally {
        lines.close();
      }
    },
    askSecret: (question, signal) =>
      process.stdin.isTTY ? typedUnseen(question, signal) : firstLine(signal),
  };
}

/** What is typed goes through a terminal of nothing, so that it is not shown. */
async function typedUnseen(question: string, signal: AbortSignal): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  try {
    return await lines.question('', { signal });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

async function firstLine(signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, signal });
  for await (const line of lines) return line;
  return '';
}

function printableData(fault: Fault): Fault {
  const data: Fault['data'] = {};
  for (const [key, value] of Object.entries(fault.data))
    data[key] = typeof value === 'string' ? printable(value) : value;
  return { ...fault, data };
}
