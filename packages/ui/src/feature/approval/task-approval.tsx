import { openApprovals } from '@soma/schemas/run';
import { useRun } from '../../client/index.ts';
import { ApprovalCard } from './approval-card.tsx';

export interface TaskApprovalProps {
  readonly run: string;
  readonly task: string;
  readonly className?: string;
}

/** What a task waits for, where it stands on the board; nothing once it was answered. */
export function TaskApproval({ run, task, className }: TaskApprovalProps) {
  const state = useRun(run, (whole) => ({ whole }))?.whole ?? null;
  const asked = state === null ? undefined : openApprovals(state).find((approval) => approval.task === task);
  if (state === null || asked === undefined) return null;
  return <ApprovalCard key={asked.id} state={state} approval={asked} className={className} />;
}
