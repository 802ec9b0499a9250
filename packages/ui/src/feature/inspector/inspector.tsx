import { openApprovals, phaseOf, type RunState, type TaskState } from '@soma/schemas/run';
import { MousePointerClick } from 'lucide-react';
import { useState } from 'react';
import { type RunSelection, useRun, useText, useView, useViewStore } from '../../client/index.ts';
import { EmptyState, Panel, StateIcon, type TabItem, Tabs } from '../../design/index.ts';
import { ApprovalCard } from '../approval/index.ts';
import { RunFault } from '../fault/run-fault.tsx';
import { isEnded, isHeld, phaseLook, taskLook } from '../run/look.ts';
import { ChangesTab } from '../undo/index.ts';
import { CallRow } from './call-card.tsx';
import { CodeText } from './content-text.tsx';
import { evidenceOf, tasksOf } from './evidence.ts';
import { EvidenceList } from './evidence-list.tsx';
import { NodeInspector } from './node-inspector.tsx';
import { RunFacts } from './run-facts.tsx';
import { Subtitle, useTitle } from './subtitle.tsx';
import { TaskList } from './task-list.tsx';
import { Timeline } from './timeline.tsx';

type TabName = 'timeline' | 'calls' | 'evidence' | 'changes' | 'raw';

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
  const state = useRun(selection?.run ?? null, (whole) => ({ whole }))?.whole ?? null;
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
  const asked = openApprovals(state).filter((approval) => task === null || approval.task === task.id);
  const mark = <StateIcon state={look} size={18} label={text(`app.state.${look}`)} />;
  return (
    <Panel
      mark={mark}
      title={title}
      subtitle={<Subtitle task={task} state={state} />}
      close={close}
      footer={<RunFacts evidence={evidence} />}
      className={className}
    >
      {asked.length > 0 && (
        <div className="flex max-h-[60%] flex-none flex-col gap-2 overflow-y-auto border-b border-line px-4 pb-3">
          {asked.map((approval) => (
            <ApprovalCard key={approval.id} state={state} approval={approval} />
          ))}
        </div>
      )}
      {task === null && <RunFault run={state.id} className="h-auto! flex-none border-b border-line" />}
      <Tabs
        label={text('app.inspector.tabs', { title })}
        value={tab}
        onValueChange={(id) => choose(isTab(id) ? id : null)}
        items={tabsOf({ selection, state, task, tasks, evidence, text })}
      />
    </Panel>
  );
}

interface TabParts {
  readonly selection: RunSelection;
  readonly state: RunState;
  readonly task: TaskState | null;
  readonly tasks: readonly TaskState[];
  readonly evidence: ReturnType<typeof evidenceOf>;
  readonly text: ReturnType<typeof useText>;
}

function tabsOf({ selection, state, task, tasks, evidence, text }: TabParts): readonly TabItem[] {
  const calls = tasks.flatMap((each) => each.calls.flatMap((id) => state.calls[id] ?? []));
  const { id: run, folder } = state;
  const status = state.status.name;
  const opened = selection.kind === 'call' ? selection.call : null;
  const label = (name: TabName) => text(`app.inspector.tab.${name}`);
  return [
    {
      id: 'timeline',
      label: label('timeline'),
      content:
        task === null ? (
          <TaskList state={state} />
        ) : (
          <Timeline task={task} calls={calls} run={run} folder={folder.id} held={isHeld(status)} />
        ),
    },
    {
      id: 'calls',
      label: label('calls'),
      count: calls.length,
      content:
        calls.length === 0 ? (
          <p className="p-4 text-small text-ink-3">{text('app.inspector.noCalls')}</p>
        ) : (
          calls.map((call) => (
            <CallRow
              key={call.id}
              call={call}
              run={run}
              status={status}
              folder={folder.id}
              opened={call.id === opened}
            />
          ))
        ),
    },
    {
      id: 'evidence',
      label: label('evidence'),
      count: evidence.length,
      content: <EvidenceList run={run} evidence={evidence} folder={folder.id} ended={status === 'ended'} />,
    },
    ...changesTab(state, task, label('changes')),
    {
      id: 'raw',
      label: label('raw'),
      content: <Raw value={task ?? state} />,
    },
  ];
}

/** What was done to files; nothing where no file was changed. */
function changesTab(state: RunState, task: TaskState | null, label: string): readonly TabItem[] {
  const sets = state.changes.filter((each) => task === null || each.task === task.id);
  if (sets.length === 0) return [];
  const [only] = sets;
  const content = <ChangesTab state={state} task={task?.id ?? null} />;
  return [{ id: 'changes', label, content, ...(sets.length === 1 && only && { count: only.files }) }];
}

/** The folded state itself, to read and copy. */
function Raw({ value }: { readonly value: RunState | TaskState }) {
  const text = useText();
  return (
    <div className="[&_section]:max-h-none">
      <CodeText text={JSON.stringify(value, null, 2)} label={text('app.inspector.tab.raw')} />
    </div>
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
