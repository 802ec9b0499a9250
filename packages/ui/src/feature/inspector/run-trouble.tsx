import type { Fault } from '@soma/schemas/event';
import type { RunState } from '@soma/schemas/run';
import { Coins, RotateCw, SkipForward } from 'lucide-react';
import { useCommands, useText, useViewStore } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { FaultLine } from '../fault/fault-line.tsx';
import { RunFault } from '../fault/run-fault.tsx';
import { useSend } from '../run/use-send.ts';

const LOOK = 'h-auto! flex-none border-b border-line';

/** Why a run is held or ended badly; of a call nobody knows the outcome of, what a person can decide. */
export function RunTrouble({ state }: { readonly state: RunState }) {
  const { status } = state;
  const unknown = status.name === 'paused' && status.fault?.code === 'TOOL_OUTCOME_UNKNOWN';
  if (unknown) return <UnknownOutcome state={state} />;
  if (status.name === 'paused' && status.fault?.code === 'BUDGET_REACHED')
    return <BudgetReached fault={status.fault} />;
  return <RunFault run={state.id} className={LOOK} />;
}

/** A limit is set where models are; then the run is resumed as any other that stands. */
function BudgetReached({ fault }: { readonly fault: Fault }) {
  const text = useText();
  const view = useViewStore();
  return (
    <FaultCard
      fault={fault}
      live
      className={LOOK}
      actions={
        <Button small icon={Coins} onClick={() => view.openModels({ at: 'list' })}>
          {text('app.chat.budget.open')}
        </Button>
      }
    />
  );
}

/** Only a person can find out whether it happened: then it is done again, or the run goes on without it. */
function UnknownOutcome({ state }: { readonly state: RunState }) {
  const text = useText();
  const commands = useCommands();
  const { sending, refused, send } = useSend();
  const { status, id: run } = state;
  if (status.name !== 'paused' || status.fault === null) return null;
  const tasks = state.tasks.filter(
    (task) => task.status.name === 'failed' && task.status.fault.code === 'TOOL_OUTCOME_UNKNOWN',
  );
  const resume = () => commands.resume(run);
  const again = tasks.map(
    ({ id }) =>
      () =>
        commands.retryTask(run, id),
  );
  return (
    <FaultCard
      fault={status.fault}
      live
      className={LOOK}
      actions={
        <>
          <Button
            small
            kind="primary"
            icon={RotateCw}
            disabled={sending || again.length === 0}
            onClick={() => void send(...again, resume)}
          >
            {text('app.task.doAgain')}
          </Button>
          <Button small icon={SkipForward} disabled={sending} onClick={() => void send(resume)}>
            {text('app.task.goOnWithout')}
          </Button>
          {refused !== null && <FaultLine fault={refused} />}
        </>
      }
    />
  );
}
