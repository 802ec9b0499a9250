import type { RunState } from '@soma/schemas/run';
import { GitCompare, GitFork } from 'lucide-react';
import { useClient, useRunRow, useText } from '../../client/index.ts';
import { Button, Icon } from '../../design/index.ts';

/** Of a branch: where it left its parent, the way there, and the comparison of the two. Nothing for a run of its own. */
export function Origin({ state }: { readonly state: RunState }) {
  const text = useText();
  const { travel, view } = useClient();
  const { fork } = state;
  const parent = useRunRow(fork?.run ?? null);
  if (fork === null) return null;
  const show = () => {
    if (parent !== null && view.getState().canvas !== parent.canvas) view.openCanvas(parent.canvas);
    view.select({ kind: 'run', run: fork.run }, { reveal: true });
    travel.enter(fork.run, fork.sequence);
  };
  return (
    <div className="flex flex-none gap-2.5 border-b border-line px-4 pb-2.5 text-small text-ink-2">
      <span className="flex h-[1.125rem] items-center">
        <Icon of={GitFork} size={14} className="text-ink-3" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <p>
          {parent === null
            ? text('app.travel.originUnknown', { sequence: fork.sequence })
            : text('app.travel.origin', { goal: parent.goal, sequence: fork.sequence })}{' '}
          {text('app.travel.branchFiles')}
        </p>
        <div className="flex flex-wrap items-center gap-2">
          <Button small icon={GitCompare} onClick={() => view.compare(state.id, fork.run)}>
            {text('app.travel.compareParent')}
          </Button>
          <Button kind="link" onClick={show}>
            {text('app.travel.originShow', { sequence: fork.sequence })}
          </Button>
        </div>
      </div>
    </div>
  );
}
