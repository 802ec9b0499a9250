import type { RunSummary } from '@soma/schemas/run';
import { useClient } from '../../client/index.ts';

/** Opens a run where it stands: its board, with the run selected and in view. */
export function useOpenRun(): (row: Pick<RunSummary, 'run' | 'canvas'>) => void {
  const { view } = useClient();
  return ({ run, canvas }) => {
    if (view.getState().canvas !== canvas || view.getState().page !== 'canvas') view.openCanvas(canvas);
    view.select({ kind: 'run', run }, { reveal: true });
  };
}
