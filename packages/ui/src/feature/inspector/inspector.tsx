import { openApprovals, outsideOf, phaseOf, type RunState, type TaskState } from '@soma/schemas/run';
import { MousePointerClick } from 'lucide-react';
import { useState } from 'react';
import {
  type RunSelection,
  usePast,
  useShownRun,
  useText,
  useView,
  useViewStore,
} from '../../client/index.ts';
import { EmptyState, Panel, StateIcon, Tabs } from '../../design/index.ts';
import { ApprovalCard } from '../approval/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { Moment } from '../run/live-time.tsx';
import { isEnded, phaseLook, taskLook } from '../run/look.ts';
import { SegmentsLine } from '../run/segments-line.tsx';
import { Origin } from '../travel/origin.tsx';
import { evidenceOf, tasksOf } from './evidence.ts';
import { type TabName, tabsOf } from './inspector-tabs.tsx';
import { NodeInspector } from './node-inspector.tsx';
import { AsItWas, RunButtons } from './past.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunTrouble } from './run-trouble.tsx';
import { Subtitle, useTitle } from './subtitle.tsx';
import { TaskCommands } from './task-commands.tsx';

/** Says more about what is selected; of the run that is shown, when nothing is. */
export function Inspector({ className }: { readonly className?: string }) {
  const text = useText();
  const view = useViewStore();
  const shown = useView(({ run }) => run);
  const chosen = useView(({ selection }) => selection);
  const close = { label: text('app.inspector.close'), onClose: () => view.togglePanel('inspector', false) };
  const run: RunSelection | null = shown === null ? null : { kind: 'run', run: shown };
  if (chosen?.kind !== 'node')
    return <RunInspector selection={chosen ?? run} close={close} className={className} />;
  const gone = <RunInspector selection={run} close={close} className={className} />;
  return (
    <NodeInspector
      canvas={chosen.canvas}
      node={chosen.node}
      close={close}
      className={className}
      gone={gone}
    />
  );
}

interface RunInspectorProps {
  readonly selection: RunSelection | null;
  readonly close: InspectedProps['close'];
  readonly className?: string;
}

function RunInspector({ selection, close, className }: RunInspectorProps) {
  const text = useText();
  const state = useShownRun(selection?.run ?? null, (whole) => ({ whole }))?.whole ?? null;
  if (selection === null || state === null) {
    return (
      <Panel title={text('app.inspector.title')} close={close} className={className}>
        <EmptyState icon={MousePointerClick} title={text('app.inspector.nothing')}>
          {text('app.inspector.select')}
        </EmptyState>
      </Panel>
    );
  }
  const key = `${selection.kind}/${selection.run}`;
  return <Inspected key={key} selection={selection} state={state} close={close} className={className} />;
}

interface InspectedProps {
  readonly selection: RunSelection;
  readonly state: RunState;
  readonly close: { readonly label: string; readonly onClose: () => void };
  readonly className?: string;
}

function Inspected({ selection, state, close, className }: InspectedProps) {
  const text = useText();
  const title = useTitle(selection, state);
  const [chosen, choose] = useState<TabName | null>(null);
  const tab = chosen ?? firstTab(selection, state);
  const task = taskOf(selection, state);
  const tasks = tasksOf(state, task?.id ?? null);
  const evidence = evidenceOf(tasks);
  const look = task === null ? phaseLook(phaseOf(state)) : taskLook(task, state.status.name);
  const past = usePast(state.id);
  // What was asked then may have been answered since: nothing of the past can be acted on.
  const asked =
    past !== null
      ? []
      : openApprovals(state).filter((approval) => task === null || approval.task === task.id);
  const mark = <StateIcon state={look} size={18} label={text(`app.state.${look}`)} />;
  const panel = (
    <Panel
      mark={mark}
      title={title}
      actions={<RunButtons run={state.id} />}
      subtitle={<Subtitle task={task} state={state} />}
      close={close}
      footer={<RunFacts evidence={evidence} outside={outsideOf(state)} />}
      className={className}
    >
      {asked.length > 0 && (
        <div className="flex max-h-[60%] flex-none flex-col gap-2 overflow-y-auto border-b border-line px-4 pb-3">
          {asked.map((approval) => (
            <ApprovalCard key={approval.id} state={state} approval={approval} />
          ))}
        </div>
      )}
      {past !== null && <AsItWas sequence={past.sequence} />}
      {task === null && past === null && <RunTrouble state={state} />}
      {task === null && past !== null && state.status.name === 'paused' && state.status.fault !== null && (
        <FaultCard fault={state.status.fault} className="h-auto! flex-none border-b border-line" />
      )}
      {task === null && past === null && <Origin state={state} />}
      {task === null && <SegmentsLine run={state.id} />}
      {task !== null && past === null && <TaskCommands key={task.id} state={state} task={task} />}
      <Tabs
        label={text('app.inspector.tabs', { title })}
        value={tab}
        onValueChange={(id) => choose(isTab(id) ? id : null)}
        items={tabsOf({ selection, state, task, tasks, evidence, text, past: past !== null })}
      />
    </Panel>
  );
  if (past === null) return panel;
  return (
    <Moment value={past.time}>
      <div data-still="" className="contents">
        {panel}
      </div>
    </Moment>
  );
}

function taskOf(selection: RunSelection, state: RunState): TaskState | null {
  if (selection.kind === 'run') return null;
  return state.tasks.find(({ id }) => id === selection.task) ?? null;
}

/** What is asked of a thing first: of a call the calls, of what is proven its evidence, of work its timeline. */
function firstTab(selection: RunSelection, state: RunState): TabName {
  switch (selection.kind) {
    case 'call':
      return 'calls';
    case 'artifact':
      return 'evidence';
    case 'run':
      return isEnded(phaseOf(state)) && evidenceOf(state.tasks).length > 0 ? 'evidence' : 'timeline';
    case 'task':
      return 'timeline';
    default:
      return selection satisfies never;
  }
}

function isTab(id: string): id is TabName {
  return id === 'timeline' || id === 'calls' || id === 'evidence' || id === 'changes' || id === 'raw';
}
