import { phaseOf, type RunState } from '@soma/schemas/run';
import { MessageSquare, Microscope, SquareTerminal } from 'lucide-react';
import {
  useClient,
  useContent,
  useFaultText,
  useFormats,
  useHost,
  useRun,
  useText,
} from '../../client/index.ts';
import { Button, cx, DescriptionList, NodeFrame, StateChip } from '../../design/index.ts';
import { PlanGraph } from '../plan/plan-graph.tsx';
import { LiveTime } from './live-time.tsx';
import { countClaims, countTasks, phaseLook } from './look.ts';
import { useRunControl } from './use-run-control.ts';

export interface RunEndCardProps {
  readonly run: string;
  readonly selected: boolean;
  /** Wide cards show the plan beside the facts, with titles. */
  readonly wide: boolean;
  /** Opens the plan's graph on the board. */
  readonly onUnfold: () => void;
  /** Puts the cursor where a next goal is typed. */
  readonly onAsk: () => void;
}

/** A run that has ended: how, in which tasks and claims, how long, at what cost, what left this computer, and what comes next. */
export function RunEndCard({ run, selected, wide, onUnfold, onAsk }: RunEndCardProps) {
  const state = useRun(run, (all) => ({ all }))?.all ?? null;
  const text = useText();
  const { view } = useClient();
  if (state === null || state.status.name !== 'ended') {
    return (
      <NodeFrame
        selected={selected}
        className="flex h-full items-center justify-center text-small text-ink-3"
      >
        {text('app.run.loading')}
      </NodeFrame>
    );
  }
  const openTask = (task: string) => view.select({ kind: 'task', run, task }, { reveal: true });
  return (
    <NodeFrame
      selected={selected}
      className={cx('flex h-full overflow-hidden', wide ? 'gap-5 ps-4' : 'flex-col px-4 pb-3.5')}
    >
      <div className={cx('flex min-h-0 flex-col pt-3.5', wide && 'w-[232px] flex-none pb-3.5')}>
        <EndHead state={state} at={state.status.at} />
        <EndFacts state={state} at={state.status.at} />
        {!wide && <Plan state={state} titled={false} onOpen={openTask} onUnfold={onUnfold} />}
        <NextActions run={run} onAsk={onAsk} />
      </div>
      {wide && (
        <div className="flex min-w-0 flex-1 flex-col border-s border-line bg-canvas/40 px-5 pt-3.5 pb-4">
          <Plan state={state} titled onOpen={openTask} onUnfold={onUnfold} />
        </div>
      )}
    </NodeFrame>
  );
}

function EndHead({ state, at }: { readonly state: RunState; readonly at: string }) {
  const text = useText();
  const formats = useFormats();
  const { person } = useHost();
  const goal = useContent(state.goal).value ?? '';
  const phase = phaseOf(state);
  const folder = state.folder.path.split(/[\\/]/).filter(Boolean).at(-1) ?? state.folder.path;
  const data = { person: person.name, folder, plan: state.plan?.ref.name ?? '' };
  return (
    <>
      <div className="flex items-center gap-2">
        <StateChip state={phaseLook(phase)}>{text(`app.state.${phase}`)}</StateChip>
        <bdi className="ms-auto text-meta text-ink-3 tabular-nums" title={formats.exact(at)}>
          {formats.age(at, Date.now())}
        </bdi>
      </div>
      <h3 className="mt-1.5 cut text-title" title={goal}>
        {goal}
      </h3>
      <p className="text-small text-ink-3">
        {text(state.plan === null ? 'app.run.by' : 'app.run.byPlan', data)}
      </p>
    </>
  );
}

function EndFacts({ state, at }: { readonly state: RunState; readonly at: string }) {
  const text = useText();
  const formats = useFormats();
  const faultText = useFaultText();
  const { verified, tasks } = countTasks(state.tasks);
  const { claims, proven } = countClaims(state.tasks);
  const fault = state.status.name === 'ended' ? state.status.fault : null;
  const of = (part: number, whole: number) => text('app.run.of', { part, whole });
  const facts = [
    {
      id: 'tasks',
      name: text('app.run.fact.tasks'),
      value: text('app.run.fact.verified', { verified, tasks }),
    },
    { id: 'claims', name: text('app.run.fact.claims'), value: of(proven, claims) },
    {
      id: 'time',
      name: text('app.run.fact.time'),
      value: <LiveTime since={state.submittedAt} until={at} as="duration" />,
    },
    { id: 'cost', name: text('app.run.fact.cost'), value: formats.money(0) },
    { id: 'left', name: text('app.run.fact.left'), value: text('app.run.fact.nothing') },
  ];
  return (
    <div className="mt-3 border-t border-line pt-3">
      {fault !== null && <p className="mb-2 text-small text-failed-fg">{faultText(fault).title}</p>}
      <DescriptionList facts={facts} className="gap-y-1 tabular-nums" />
    </div>
  );
}

interface PlanProps {
  readonly state: RunState;
  readonly titled: boolean;
  readonly onOpen: (task: string) => void;
  readonly onUnfold: () => void;
}

function Plan({ state, titled, onOpen, onUnfold }: PlanProps) {
  const text = useText();
  if (state.tasks.length === 0) return null;
  return (
    <div
      className={cx('flex min-h-0 flex-col gap-2', titled ? 'flex-1' : 'mt-3 border-t border-line pt-2.5')}
    >
      <div className="flex items-center">
        <span className="flex-1 text-small text-ink-3">{text('app.run.fact.plan')}</span>
        <Button kind="link" className="nodrag" onClick={onUnfold}>
          {text('app.run.openGraph')}
        </Button>
      </div>
      <div className={cx('nowheel min-h-0 overflow-auto', titled ? 'm-auto max-w-full p-1' : 'pb-1')}>
        <PlanGraph state={state} titled={titled} onOpen={onOpen} />
      </div>
    </div>
  );
}

function NextActions({ run, onAsk }: Pick<RunEndCardProps, 'run' | 'onAsk'>) {
  const text = useText();
  const control = useRunControl(run);
  return (
    <div className="nodrag mt-auto flex flex-col gap-2 pt-3">
      <Button icon={MessageSquare} onClick={onAsk}>
        {text('app.run.ask')}
      </Button>
      <div className="grid grid-cols-2 gap-2">
        <Button small icon={Microscope} onClick={control.inspect}>
          {text('app.run.evidence')}
        </Button>
        <Button small icon={SquareTerminal} onClick={control.openStream}>
          {text('app.run.calledTools')}
        </Button>
      </div>
    </div>
  );
}
