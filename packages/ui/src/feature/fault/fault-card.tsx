import type { Fault, FaultCode } from '@soma/schemas/event';
import { Info, type LucideIcon, ShieldAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFaultText, useText } from '../../client/index.ts';
import { ErrorState, type ErrorStateProps } from '../../design/index.ts';
import { FindFolder } from './find-folder.tsx';

export interface FaultCardProps {
  readonly fault: Fault;
  /** The folder it is about, where there is one: then a folder that is gone can be found again. */
  readonly folder?: string;
  /** A run that goes on once the fault is mended. */
  readonly run?: string;
  /** Said at once, for a fault that was not there before. */
  readonly live?: boolean;
  /** One or two buttons instead of those that belong to the code. */
  readonly actions?: ReactNode;
  readonly className?: string;
}

interface Look {
  readonly tone: ErrorStateProps['tone'];
  readonly icon?: LucideIcon;
}

const BROKEN: Look = { tone: 'failed' };
const CUT: Look = { tone: 'waiting', icon: TriangleAlert };
const REFUSED: Look = { tone: 'stopped', icon: Info };

/** Grey for a refusal, amber where a person or a moment is needed, red for what broke. */
const LOOKS: Partial<Record<FaultCode, Look>> = {
  APPROVAL_CHANGED: REFUSED,
  APPROVAL_UNKNOWN: REFUSED,
  CANVAS_UNKNOWN: REFUSED,
  CONTENT_GONE: REFUSED,
  DATA_FOLDER_NEWER: REFUSED,
  FILE_BINARY: REFUSED,
  FILE_TOO_LARGE: REFUSED,
  FOLDER_NOT_A_FOLDER: REFUSED,
  FOLDER_UNKNOWN: REFUSED,
  GOAL_EMPTY: REFUSED,
  HOST_LEAVING: CUT,
  HOST_UNREACHABLE: CUT,
  LEASE_LOST: REFUSED,
  PATH_OUTSIDE: { tone: 'stopped', icon: ShieldAlert },
  PLAN_NOT_MATCHED: REFUSED,
  PLAN_UNKNOWN: REFUSED,
  POLICY_DENIED: { tone: 'stopped', icon: ShieldAlert },
  RUN_ENDED: REFUSED,
  RUN_LONG: CUT,
  RUN_NOT_ENDED: REFUSED,
  RUN_NOT_PAUSED: REFUSED,
  RUN_UNKNOWN: REFUSED,
  SLOT_MISSING: REFUSED,
  SLOT_UNKNOWN: REFUSED,
  TOOL_OUTCOME_UNKNOWN: CUT,
  TOOL_TIMEOUT: CUT,
};

/** Whether it is the notice of something that is over: a database that was mended. */
export function isMended({ data }: Fault): boolean {
  return typeof data.quarantine === 'string';
}

/** A fault in the place where the thing is: what happened, cause, effect, next step, and what can be done about it. */
export function FaultCard({ fault, folder, run, live, actions, className }: FaultCardProps) {
  const text = useText();
  const said = useFaultText()(fault);
  // What was mended already asks only to be read.
  const { tone, icon } = isMended(fault) ? CUT : (LOOKS[fault.code] ?? BROKEN);
  const facts = (['cause', 'effect', 'next'] as const).map((id) => ({
    id,
    name: text(`app.fault.${id}`),
    value: said[id],
  }));
  const lost = fault.code === 'FOLDER_GONE' || fault.code === 'FOLDER_UNREADABLE';
  const own = lost && folder !== undefined ? <FindFolder folder={folder} run={run} /> : undefined;
  return (
    <ErrorState
      tone={tone}
      icon={icon}
      title={said.title}
      facts={facts}
      code={said.code}
      live={live}
      actions={actions ?? own}
      className={className}
    />
  );
}
