import type { CallState, RunState, TaskState } from '@soma/schemas/run';
import type { RunSelection, Text } from '../../client/index.ts';
import { useText } from '../../client/index.ts';
import type { TabItem } from '../../design/index.ts';
import { isHeld } from '../run/look.ts';
import { ChangesTab } from '../undo/index.ts';
import { CallRow } from './call-card.tsx';
import { CodeText } from './content-text.tsx';
import type { Evidence } from './evidence.ts';
import { EvidenceList } from './evidence-list.tsx';
import { NoCalls } from './recalled.tsx';
import { Resumptions } from './resumptions.tsx';
import { TaskList } from './task-list.tsx';
import { Timeline } from './timeline.tsx';

export type TabName = 'timeline' | 'calls' | 'evidence' | 'changes' | 'raw';

export interface TabParts {
  readonly selection: RunSelection;
  readonly state: RunState;
  readonly task: TaskState | null;
  readonly tasks: readonly TaskState[];
  readonly evidence: readonly Evidence[];
  readonly text: Text;
  /** Shown as it was: then nothing of it can be acted on. */
  readonly past: boolean;
}

/** What the inspector says of a run or a task, one tab a side of it. */
export function tabsOf({
  selection,
  state,
  task,
  tasks,
  evidence,
  text,
  past,
}: TabParts): readonly TabItem[] {
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
          <>
            <Resumptions run={run} />
            <TaskList state={state} />
          </>
        ) : (
          <Timeline
            task={task}
            calls={calls}
            run={run}
            folder={folder.id}
            held={isHeld(status)}
            past={past}
          />
        ),
    },
    {
      id: 'calls',
      label: label('calls'),
      count: calls.length,
      content: <Calls calls={calls} task={task} state={state} opened={opened} />,
    },
    {
      id: 'evidence',
      label: label('evidence'),
      count: evidence.length,
      content: (
        <EvidenceList run={run} evidence={evidence} folder={folder.id} ended={status === 'ended' && !past} />
      ),
    },
    ...(past ? [] : changesTab(state, task, label('changes'))),
    {
      id: 'raw',
      label: label('raw'),
      content: <Raw value={task ?? state} />,
    },
  ];
}

interface CallsProps {
  readonly calls: readonly CallState[];
  readonly task: TaskState | null;
  readonly state: RunState;
  /** The call that is shown whole; null for none. */
  readonly opened: string | null;
}

function Calls({ calls, task, state: { id: run, folder, status }, opened }: CallsProps) {
  if (calls.length === 0) return <NoCalls task={task} />;
  return calls.map((call) => (
    <CallRow
      key={call.id}
      call={call}
      run={run}
      status={status.name}
      folder={folder.id}
      opened={call.id === opened}
    />
  ));
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
