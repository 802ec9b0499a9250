import { outsideOf, phaseOf, type RunPhase, type RunState } from '@soma/schemas/run';
import {
  Coins,
  Ellipsis,
  GitCompare,
  History,
  MessageSquare,
  Pause,
  Play,
  Square,
  SquareTerminal,
  Timer,
} from 'lucide-react';
import { useContent, usePast, useShownRun, useText } from '../../client/index.ts';
import {
  Button,
  Chip,
  cx,
  Icon,
  IconButton,
  type LucideIcon,
  Menu,
  NodeFrame,
  StateIcon,
} from '../../design/index.ts';
import { capsOf, isMac } from '../palette/keys.ts';
import { LiveTime } from './live-time.tsx';
import { countTasks, isEnded, isWorking, lastSignOf, phaseLook } from './look.ts';
import { useCostWords } from './outside.ts';
import { ResumedLine } from './resumed-line.tsx';
import { StartedBy } from './started-by.tsx';
import { useRunControl } from './use-run-control.ts';

/** When the run's clock stood still: at its end or pause, or at the last sign of work of one that was cut off. */
function workedUntil(state: RunState): string | null {
  const { status } = state;
  if (status.name === 'ended' || status.name === 'paused') return status.at;
  return status.name === 'interrupted' ? lastSignOf(state) : null;
}

/** What the head of a run says. It renders again only when one of these changes. */
export function headFacts(state: RunState) {
  const outside = outsideOf(state);
  return {
    phase: phaseOf(state),
    goal: state.goal,
    plan: state.plan?.ref.name ?? null,
    parent: state.parent?.run ?? null,
    since: state.submittedAt,
    until: workedUntil(state),
    calls: Object.keys(state.calls).length,
    dollars: outside.dollars,
    unpriced: outside.unpriced,
    ...countTasks(state.tasks),
  };
}
export type HeadFacts = ReturnType<typeof headFacts>;

/** "2 of 7 tasks verified, 2 running, 1 needs you". */
export function useCountsText(): (facts: HeadFacts) => string {
  const text = useText();
  return (facts) => {
    if (facts.tasks === 0) return text('app.run.planning');
    const { tasks, verified, running } = facts;
    const held = facts.phase === 'paused' || facts.phase === 'interrupted';
    const parts = [text('app.run.counts.verified', { verified, tasks })];
    if (running > 0) parts.push(text(held ? 'app.run.counts.paused' : 'app.run.counts.running', { running }));
    for (const name of [
      'waiting',
      'unproven',
      'failed',
      'empty',
      'skipped',
      'unneeded',
      'dropped',
      'stopped',
    ] as const) {
      if (facts[name] > 0) parts.push(text(`app.run.counts.${name}`, { [name]: facts[name] }));
    }
    return parts.join(text('app.sign.comma'));
  };
}

export interface RunFrameProps {
  readonly run: string;
  readonly selected: boolean;
  /** Closes the graph of an ended run again; only an ended run has it. */
  readonly onFold?: () => void;
}

/** A run at work: a frame with its state, goal, plan, counts, time, cost and calls; its tasks lie inside as nodes of the board. */
export function RunFrame({ run, selected, onFold }: RunFrameProps) {
  const facts = useShownRun(run, headFacts);
  const past = usePast(run);
  const text = useText();
  return (
    <NodeFrame
      group
      selected={selected}
      // An opened plan lies over other cards: it lets nothing through.
      className={cx(
        'flex h-full flex-col',
        (onFold !== undefined || past !== null) && 'bg-canvas! shadow-3!',
      )}
    >
      <header className="flex h-[58px] min-w-0 flex-none items-center gap-3 rounded-t-[11px] border-b border-line-2 bg-card ps-4 pe-2.5">
        {facts === null ? (
          <span className="text-small text-ink-3">{text('app.run.loading')}</span>
        ) : (
          <FrameHead run={run} facts={facts} onFold={onFold} />
        )}
      </header>
      <p className="flex h-5 flex-none items-end px-4 text-meta">
        <ResumedLine run={run} />
      </p>
      {facts !== null && facts.tasks === 0 && past === null && (
        <p className="flex flex-1 items-center justify-center text-small text-ink-3">
          {text('app.run.choosing')}
        </p>
      )}
    </NodeFrame>
  );
}

function FrameHead({
  run,
  facts,
  onFold,
}: { readonly run: string; readonly facts: HeadFacts } & Pick<RunFrameProps, 'onFold'>) {
  const text = useText();
  const counts = useCountsText();
  const cost = useCostWords();
  const goal = useContent(facts.goal).value ?? '';
  const past = usePast(run);
  return (
    <>
      <StateIcon state={phaseLook(facts.phase)} size={20} label={text(`app.state.${facts.phase}`)} />
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2">
          <h3 className="cut text-reading" title={goal}>
            {goal}
          </h3>
          {facts.plan !== null && <Chip outlined>{text('app.run.plan', { plan: facts.plan })}</Chip>}
          <StartedBy parent={facts.parent} />
        </div>
        <div className="cut text-meta text-ink-3 tabular-nums">{counts(facts)}</div>
      </div>
      <div className="me-2 flex flex-none gap-4 text-small text-ink-2 tabular-nums">
        <Figure icon={Timer} label={text('app.run.time')}>
          <LiveTime since={facts.since} until={facts.until} as="clock" />
        </Figure>
        <Figure icon={Coins} label={text('app.run.cost')}>
          {cost(facts)}
        </Figure>
        <Figure icon={SquareTerminal} label={text('app.run.callsLabel')}>
          {text('app.run.calls', { calls: facts.calls })}
        </Figure>
      </div>
      {past === null ? (
        <RunActions run={run} phase={facts.phase} onFold={onFold} />
      ) : (
        <Chip icon={History}>{text('app.travel.asItWas', { sequence: past.sequence })}</Chip>
      )}
    </>
  );
}

function Figure({
  icon,
  label,
  children,
}: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly children: React.ReactNode;
}) {
  return (
    <span className="inline-flex items-center gap-1">
      <Icon of={icon} size={14} label={label} className="text-ink-3" />
      {children}
    </span>
  );
}

function RunActions({
  run,
  phase,
  onFold,
}: { readonly run: string; readonly phase: RunPhase } & Pick<RunFrameProps, 'onFold'>) {
  const text = useText();
  const control = useRunControl(run);
  const held = phase === 'paused' || phase === 'interrupted';
  return (
    <div className="nodrag flex flex-none items-center gap-1.5">
      {isWorking(phase) && (
        <Button small icon={Pause} keys={capsOf('Escape', isMac(navigator))} onClick={control.pause}>
          {text('app.run.pause')}
        </Button>
      )}
      {held && (
        <Button small icon={Play} onClick={control.resume}>
          {text('app.run.resume')}
        </Button>
      )}
      {onFold !== undefined && (
        <Button small onClick={onFold}>
          {text('app.run.fold')}
        </Button>
      )}
      <Menu
        label={text('app.run.more')}
        items={[
          { id: 'inspect', label: text('app.run.inspect'), onSelect: control.inspect },
          { id: 'talk', label: text('app.conversation.open'), icon: MessageSquare, onSelect: control.talk },
          { id: 'stream', label: text('app.run.openStream'), onSelect: control.openStream },
          { id: 'travel', label: text('app.travel.enter'), icon: History, onSelect: control.travel },
          {
            id: 'compare',
            label: text('app.compare.withAnother'),
            icon: GitCompare,
            onSelect: control.compare,
          },
          ...(isEnded(phase)
            ? []
            : [
                {
                  id: 'stop',
                  label: text('app.run.stop'),
                  icon: Square,
                  danger: true,
                  parted: true,
                  onSelect: control.stop,
                },
              ]),
        ]}
      >
        <IconButton icon={Ellipsis} label={text('app.run.more')} className="nodrag" />
      </Menu>
    </div>
  );
}
