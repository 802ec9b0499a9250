import { outsideOf, phaseOf, type RunState } from '@soma/schemas/run';
import { MessageSquare, Microscope, Plus, SquareTerminal, Undo2 } from 'lucide-react';
import {
  useClient,
  useContent,
  useFaultText,
  useFormats,
  useHost,
  useRun,
  useText,
} from '../../client/index.ts';
import { Button, Chip, cx, DescriptionList, IconButton, NodeFrame, StateChip } from '../../design/index.ts';
import { PlanGraph } from '../plan/plan-graph.tsx';
import { askUndo } from '../undo/undo.ts';
import { LiveTime } from './live-time.tsx';
import { countClaims, countTasks, phaseLook } from './look.ts';
import { useCostWords, useOutsideWords } from './outside.ts';
import { ResumedLine } from './resumed-line.tsx';
import { StartedBy } from './started-by.tsx';
import { useRunControl } from './use-run-control.ts';

export interface RunEndCardProps {
  readonly run: string;
  readonly selected: boolean;
  /** The card's width, in canvas units. */
  readonly width: number;
  /** Opens the plan's graph on the board. */
  readonly onUnfold: () => void;
  /** Puts the cursor where a next goal is typed. */
  readonly onAsk: () => void;
}

/** Cards narrower than this are one column. */
const WIDE = 480;
/** Width of the facts in a wide card, and of what stands around the plan beside them. */
const FACTS = 248;
const AROUND = 48;

/** A run that has ended: how, in which tasks and claims, how long, at what cost, what left this computer, and what comes next. */
export function RunEndCard(props: RunEndCardProps) {
  const { run, selected, width } = props;
  const state = useRun(run, (all) => ({ all }))?.all ?? null;
  const text = useText();
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
  const { at } = state.status;
  if (width < WIDE) {
    return (
      <NodeFrame selected={selected} className="flex h-full flex-col overflow-hidden px-4 py-3.5">
        <EndHead state={state} at={at} />
        <EndFacts state={state} at={at} />
        <Plan {...props} state={state} room={width - AROUND} className="mt-3 border-t border-line pt-2.5" />
        <NextActions {...props} state={state} className="mt-auto pt-3" />
      </NodeFrame>
    );
  }
  return (
    <NodeFrame selected={selected} className="flex h-full">
      <div className="flex-none overflow-hidden px-4 py-3" style={{ width: FACTS }}>
        <EndHead state={state} at={at} />
        <EndFacts state={state} at={at} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col border-s border-line px-4 pt-2.5 pb-3">
        <NextActions {...props} state={state} className="justify-end" />
        <Plan {...props} state={state} room={width - FACTS - AROUND} className="mt-1 flex-1" />
      </div>
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
  const by = text(state.plan === null ? 'app.run.by' : 'app.run.byPlan', data);
  return (
    <>
      <div className="flex items-center gap-2">
        <StateChip state={phaseLook(phase)}>{text(`app.state.${phase}`)}</StateChip>
        {state.undone.length > 0 && (
          <Chip icon={Undo2}>{text('app.run.undone', { files: state.undone.length })}</Chip>
        )}
        <bdi className="ms-auto text-meta text-ink-3 tabular-nums" title={formats.exact(at)}>
          {formats.age(at, Date.now())}
        </bdi>
      </div>
      <h3 className="mt-1 cut text-title" title={goal}>
        {goal}
      </h3>
      <p className="cut text-small text-ink-3" title={by}>
        {by}
      </p>
      <StartedBy parent={state.parent?.run ?? null} />
      <p className="text-small">
        <ResumedLine run={state.id} />
      </p>
    </>
  );
}

function EndFacts({ state, at }: { readonly state: RunState; readonly at: string }) {
  const text = useText();
  const cost = useCostWords();
  const left = useOutsideWords();
  const outside = outsideOf(state);
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
    { id: 'cost', name: text('app.run.fact.cost'), value: cost(outside) },
    { id: 'left', name: text('app.run.fact.left'), value: left(outside) },
  ];
  return (
    <div className="mt-2 border-t border-line pt-2">
      {fault !== null && <p className="mb-2 text-small text-failed-fg">{faultText(fault).title}</p>}
      <DescriptionList facts={facts} className="gap-y-0.5 tabular-nums" />
    </div>
  );
}

type PlanProps = RunEndCardProps & {
  readonly state: RunState;
  readonly room: number;
  readonly className: string;
};

function Plan({ run, state, room, className, onUnfold }: PlanProps) {
  const text = useText();
  const { view } = useClient();
  if (state.tasks.length === 0) return null;
  return (
    <div className={cx('flex min-h-0 flex-col gap-1.5', className)}>
      <div className="flex items-center">
        <span className="flex-1 text-small text-ink-3">{text('app.run.fact.plan')}</span>
        <Button kind="link" className="nodrag" onClick={onUnfold}>
          {text('app.run.openGraph')}
        </Button>
      </div>
      <div className="flex min-h-0 flex-1 overflow-auto">
        <div className="m-auto">
          <PlanGraph
            state={state}
            room={room}
            onOpen={(task) => view.select({ kind: 'task', run, task }, { reveal: true })}
          />
        </div>
      </div>
    </div>
  );
}

type ActionProps = Pick<RunEndCardProps, 'run' | 'onAsk'> & {
  readonly state: RunState;
  readonly className: string;
};

function NextActions({ run, state, onAsk, className }: ActionProps) {
  const text = useText();
  const control = useRunControl(run);
  return (
    <div className={cx('nodrag flex flex-none flex-wrap gap-1.5', className)}>
      <Button small icon={Microscope} onClick={control.inspect}>
        {text('app.run.evidence')}
      </Button>
      <Button small icon={SquareTerminal} onClick={control.openStream}>
        {text('app.run.calledTools')}
      </Button>
      {(state.changes.length > 0 || state.artifacts.length > 0) && (
        <Button small icon={Undo2} onClick={() => askUndo(state)}>
          {text('app.undo.run')}
        </Button>
      )}
      <IconButton small icon={MessageSquare} label={text('app.conversation.talk')} onClick={control.talk} />
      <Button small icon={Plus} onClick={onAsk}>
        {text('app.run.ask')}
      </Button>
    </div>
  );
}
