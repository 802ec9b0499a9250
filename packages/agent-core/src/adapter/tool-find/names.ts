import type { Weighed } from './look-up.ts';
import { wordsOf } from './words.ts';

/** A compound name in a line: at least two words written as one. */
const COMPOUND = /[\p{L}_$][\p{L}\p{N}_$]*(?:(?<=\p{Ll})\p{Lu}|_(?=[\p{L}\p{N}]))[\p{L}\p{N}_$]*/gu;
/** What a name counts that neither begins the line nor stands in one that names something. */
const MENTIONED = 0.3;
/** Longer lines are data. */
const LINE_LIMIT = 500;

/**
 * How much of what is asked the best compound name of the line says, 0 to 1, when it says nothing else: `fieldSize` rather than
 * `fieldNameSize` for "the size of a field". One letter (`kSize`, `m_size`) is no word of a name.
 */
export function shareOfName(line: string, asked: readonly Weighed[], isNaming: boolean): number {
  if (line.length > LINE_LIMIT) return 0;
  const simple = asked.filter(({ joined }) => !joined);
  const all = simple.reduce((sum, { weight }) => sum + weight, 0);
  let best = 0;
  for (const { 0: name, index } of line.matchAll(COMPOUND)) {
    const whole = name.toLowerCase().replaceAll('_', '');
    const parts = wordsOf(name).filter(({ form }) => form.length > 1 && form !== whole);
    const meant = new Set<Weighed>();
    for (const { stem } of parts) {
      const word = simple.find((one) => one.stem === stem || one.alike.includes(stem));
      if (word === undefined) break;
      meant.add(word);
    }
    if (meant.size < 2 || meant.size < parts.length) continue;
    const said = [...meant].reduce((sum, { weight }) => sum + weight, 0);
    const leads = isNaming || !/\p{L}/u.test(line.slice(0, index));
    best = Math.max(best, (said / all) * (leads ? 1 : MENTIONED));
  }
  return best;
}
