import { History, Inbox } from 'lucide-react';
import { useText, useViewStore } from '../../client/index.ts';
import { Button, EmptyState } from '../../design/index.ts';
import { focusGoal } from '../goal/goal-focus.ts';

/** There are no runs yet. */
export function NoRuns() {
  const text = useText();
  const view = useViewStore();
  const type = () => {
    view.openPage('canvas');
    requestAnimationFrame(focusGoal);
  };
  return (
    <EmptyState
      icon={History}
      title={text('app.absence.runs.title')}
      action={
        <Button small onClick={type}>
          {text('app.absence.runs.act')}
        </Button>
      }
    >
      {text('app.absence.runs.why')}
    </EmptyState>
  );
}

/** Nothing waits for a person. */
export function NothingWaits() {
  const text = useText();
  const view = useViewStore();
  return (
    <EmptyState
      icon={Inbox}
      title={text('app.absence.approvals.title')}
      action={
        <Button small onClick={() => view.openPage('canvas')}>
          {text('app.absence.approvals.act')}
        </Button>
      }
    >
      {text('app.absence.approvals.why')}
    </EmptyState>
  );
}
