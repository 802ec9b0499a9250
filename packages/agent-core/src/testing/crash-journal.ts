import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const stage = z.enum(['tried', 'done']);

/** One thing a crash child did: written before it (`tried`) and again after it was acknowledged (`done`). */
const JournalLine = z.discriminatedUnion('act', [
  z.object({
    act: z.literal('commit'),
    stage,
    events: z.array(z.object({ stream: z.string(), id: z.string() })),
  }),
  z.object({ act: z.literal('put'), stage, text: z.string() }),
  z.object({ act: z.literal('erase'), stage, text: z.string() }),
  z.object({ act: z.literal('lease'), stage, token: z.number() }),
  z.object({ act: z.literal('append'), stage, key: z.string() }),
  z.object({ act: z.literal('compact'), stage, through: z.number() }),
  z.object({ act: z.literal('settle'), stage, positions: z.array(z.number()) }),
]);
export type JournalLine = z.infer<typeof JournalLine>;

/** Writes a line that outlives SIGKILL: the system holds it, not the process. */
export function note(journal: string, line: JournalLine): void {
  appendFileSync(journal, `${JSON.stringify(line)}\n`);
}

export function readJournal(journal: string): JournalLine[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JournalLine.parse(JSON.parse(line)));
}
