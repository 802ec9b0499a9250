import { useEffect, useRef, useState } from 'react';
import { useClient, usePast, useRun } from '../../client/index.ts';
import { type Resumption, resumptionsOf } from './resumption.ts';

const NONE: readonly Resumption[] = [];
/** A run at work is read on at most this often, in milliseconds. */
const PACE_MS = 700;

/** Where a run went on after each time it was cut off. None of a run that is looked back at. */
export function useResumptions(run: string, wanted = true): readonly Resumption[] {
  const { histories } = useClient();
  const sequence = useRun(run, (state) => ({ sequence: state.sequence }))?.sequence ?? 0;
  const past = usePast(run) !== null;
  const [found, find] = useState(NONE);
  const last = useRef(Number.NEGATIVE_INFINITY);
  const settled = found.every(({ after }) => after !== 'open');
  // Once it is known what became of each tool, only another resumption would tell more, and that comes with a new start.
  const known = found.length > 0 && settled;
  useEffect(() => {
    if (!wanted || known || sequence === 0) return;
    const read = () => {
      last.current = performance.now();
      void histories.read(run).then(() => find(resumptionsOf(histories.of(run).events)));
    };
    const timer = setTimeout(read, Math.max(0, last.current + PACE_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [histories, run, sequence, wanted, known]);
  return past ? NONE : found;
}
