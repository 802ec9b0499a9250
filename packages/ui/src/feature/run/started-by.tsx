import { useRuns, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { useOpenRun } from './use-open-run.ts';

/** Says which run had started this one, and opens that; nothing for a run that a person started. */
export function StartedBy({ parent }: { readonly parent: string | null }) {
  const words = useStartedBy();
  const row = useRuns().find(({ run }) => run === parent);
  const open = useOpenRun();
  if (parent === null) return null;
  const said = words(parent);
  if (row === undefined) return <span className="cut text-small text-ink-3">{said}</span>;
  return (
    <Button small kind="link" className="nodrag max-w-60 min-w-0" title={said} onClick={() => open(row)}>
      <span className="cut">{said}</span>
    </Button>
  );
}

/** "started by Explain this folder", of the run that started another. */
export function useStartedBy(): (parent: string) => string {
  const text = useText();
  const runs = useRuns();
  return (parent) => {
    const goal = runs.find(({ run }) => run === parent)?.goal ?? '';
    return goal === '' ? text('app.run.startedByRun') : text('app.run.startedBy', { goal });
  };
}
