import { resolve } from 'node:path';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';
import type { Use } from './use.ts';

type Of<Verb extends Use['verb']> = Extract<Use, { verb: Verb }>;

/** Prints what earlier runs on a folder found that shares words with a text, each line reread now. */
export async function recallClaims(desk: Desk, { text, folder }: Of<'recall'>): Promise<Exit> {
  const { speech } = desk;
  const { translator } = speech;
  const asked = { folder: await granted(desk, folder), text };
  const { memories } = await ask(desk, (calls) => calls.memory.recall(asked));
  for (const { run, at, claims } of memories) {
    speech.answer(translator.t('terminal.recall.from', { run, at }));
    for (const { claim, holds } of claims) {
      const { path, line } = claim.citation;
      const where = `${printable(path)}:${line}`;
      const key = holds ? 'terminal.recall.holds' : 'terminal.recall.changed';
      speech.answer(translator.t(key, { text: printable(claim.text), where }));
    }
  }
  if (memories.length === 0) speech.say(translator.t('terminal.recall.nothing'));
  return EXIT.done;
}

/** Drops what a run, or every run on a folder, had left. */
export async function forgetClaims(desk: Desk, { of }: Of<'forget'>): Promise<Exit> {
  const asked =
    'run' in of
      ? ({ of: 'run', run: of.run } as const)
      : ({ of: 'folder', folder: await granted(desk, of.folder) } as const);
  const { forgotten } = await ask(desk, (calls) => calls.memory.forget(asked));
  desk.speech.answer(desk.speech.translator.t('terminal.forgotten', { forgotten }));
  return EXIT.done;
}

async function granted(desk: Desk, folder: string): Promise<string> {
  const granting = { id: desk.ids.next(), path: resolve(desk.startedIn, folder) };
  return (await ask(desk, (calls) => calls.folder.grant(granting))).folder;
}
