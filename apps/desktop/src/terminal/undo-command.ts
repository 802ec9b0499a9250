import { faultText } from '@soma/schemas/message';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';
import type { Use } from './use.ts';

/** Gives files the text they had before the run; says which, and why others are as they were. */
export async function undoRun(desk: Desk, { run, paths }: Extract<Use, { verb: 'undo' }>): Promise<Exit> {
  const { speech, ids } = desk;
  const { translator } = speech;
  const undoing = { id: ids.next(), run, paths: paths === null ? null : [...paths] };
  const { restored, kept } = await ask(desk, (calls) => calls.run.undoFiles(undoing));
  for (const path of restored)
    speech.answer(translator.t('terminal.undo.restored', { path: printable(path) }));
  for (const { path, fault } of kept) {
    const { title } = faultText(translator, fault);
    speech.answer(translator.t('terminal.undo.kept', { path: printable(path), why: title }));
  }
  return kept.length === 0 ? EXIT.done : EXIT.ended;
}
