import type { NodeOf } from '@soma/schemas/canvas';
import { type NodeProps, NodeToolbar, Position } from '@xyflow/react';
import { useEffect, useState } from 'react';
import { useContent, usePast, useShownRun, useText, useView } from '../../client/index.ts';
import { NodeFrame } from '../../design/index.ts';
import { TaskApproval } from '../approval/index.ts';
import { focusGoal } from '../goal/goal-focus.ts';
import { revealNode } from '../palette/board-actions.ts';
import { TaskFace, useTask } from '../plan/task-face.tsx';
import { headFacts, isEnded, Moment, phaseLook, RunEndCard, RunFrame, useCountsText } from '../run/index.ts';
import { useBoard, useBoardState } from './board-context.tsx';
import { FarFace, FarFrame } from './far-face.tsx';
import type { DocumentFlow, TaskFlow } from './flow.ts';
import { MidRun, MidTask } from './mid-face.tsx';
import { NodeShell } from './node-shell.tsx';

/** A run: a frame around its tasks while it works, a card of facts once it has ended. */
export function RunNode({ id, data, selected }: NodeProps<DocumentFlow>) {
  const { node } = data;
  return node.kind === 'run' ? <Run id={id} node={node} selected={selected} /> : null;
}

interface RunProps {
  readonly id: string;
  readonly node: NodeOf<'run'>;
  readonly selected: boolean;
}

function Run({ id, node, selected }: RunProps) {
  const text = useText();
  const board = useBoard();
  const level = useBoardState((state) => state.level);
  const unfolded = useBoardState((state) => state.unfolded.has(id));
  const facts = useShownRun(node.run, headFacts);
  const past = usePast(node.run);
  useOpenedPast(id, past !== null);
  const counts = useCountsText();
  const goal = useContent(facts?.goal ?? null).value ?? node.caption?.title ?? '';
  const phase = facts?.phase ?? node.caption?.state ?? 'planning';
  const look = phaseLook(phase);
  const ended = isEnded(phase);
  const told = facts === null ? '' : counts(facts);
  const label = text('app.run.named', { goal, state: text(`app.state.${phase}`), counts: told });
  // A run that is looked back at is opened, so that its tasks are seen as they were.
  const folded = ended && !unfolded && past === null;
  const shown = (
    <NodeShell id={id} label={label} kind="run" selected={selected} still={past !== null}>
      {level === 'near' && folded && (
        <RunEndCard
          run={node.run}
          selected={selected}
          width={node.width}
          onUnfold={() => {
            board.setUnfolded(id, true);
            revealNode(id);
          }}
          onAsk={focusGoal}
        />
      )}
      {level === 'near' && !folded && (
        <RunFrame
          run={node.run}
          selected={selected}
          {...(ended && past === null && { onFold: () => board.setUnfolded(id, false) })}
        />
      )}
      {level === 'mid' && folded && (
        <MidRun look={look} word={text(`app.state.${phase}`)} goal={goal} counts={told} selected={selected} />
      )}
      {(level === 'far' || (level === 'mid' && !folded)) && (
        <FarFrame
          state={look}
          name={goal}
          selected={selected}
          tinted={folded}
          over={past !== null || ended}
          {...(told !== '' && { detail: told })}
        />
      )}
    </NodeShell>
  );
  return past === null ? shown : <Moment value={past.time}>{shown}</Moment>;
}

/** A folded run is opened while it is looked back at, and folded again after. */
function useOpenedPast(id: string, past: boolean): void {
  const board = useBoard();
  useEffect(() => {
    if (!past || board.store.getState().unfolded.has(id)) return;
    board.setUnfolded(id, true);
    return () => board.setUnfolded(id, false);
  }, [board, id, past]);
}

/** One task of a run, inside its frame. */
export function TaskNode({ id, data, selected }: NodeProps<TaskFlow>) {
  const text = useText();
  const level = useBoardState((state) => state.level);
  const facts = useTask(data.run, data.task);
  const past = usePast(data.run);
  const later = past !== null && (facts === null || facts.task.status.name === 'queued');
  const title = facts?.task.title ?? data.title;
  const look = facts?.look ?? 'queued';
  const agent = facts === null || facts.agent === '' ? 'none' : facts.agent;
  const label = text('app.task.named', { title, agent, state: text(`app.state.${look}`) });
  const shown = (
    <NodeShell
      id={id}
      label={label}
      still={past !== null}
      kind="task"
      selected={selected}
      connectable={data.node !== undefined}
    >
      {level === 'near' && facts !== null && (
        <TaskFace run={data.run} facts={facts} selected={selected} later={later} />
      )}
      {level === 'mid' && facts !== null && <MidTask facts={facts} selected={selected} />}
      {level === 'far' && <FarFace state={look} selected={selected} />}
      {level !== 'far' && facts === null && past !== null && <LaterTask title={title} selected={selected} />}
      {selected && look === 'waiting' && past === null && <TaskQuestion run={data.run} task={data.task} />}
    </NodeShell>
  );
  return past === null ? shown : <Moment value={past.time}>{shown}</Moment>;
}

/** A task that a run looked back at did not have yet. */
function LaterTask({ title, selected }: { readonly title: string; readonly selected: boolean }) {
  const text = useText();
  return (
    <NodeFrame later selected={selected} className="h-full px-[11px] pt-[9px]">
      <p className="cut font-medium">{title}</p>
      <p className="text-meta">{text('app.travel.later')}</p>
    </NodeFrame>
  );
}

/**
 * What a chosen task waits for, under it. With the inspector open the question stands there; but one that a person has the pointer or
 * the focus on stays where it is until they leave it, so that no press falls between the two places.
 */
function TaskQuestion({ run, task }: { readonly run: string; readonly task: string }) {
  const inspected = useView(({ panels }) => panels.inspector);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  return (
    <NodeToolbar
      isVisible={!inspected || pointed || focused}
      position={Position.Bottom}
      className="nodrag nopan nowheel"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={({ currentTarget, relatedTarget }) => setFocused(currentTarget.contains(relatedTarget))}
    >
      <TaskApproval run={run} task={task} className="max-h-[22rem] w-[26rem] overflow-y-auto shadow-3" />
    </NodeToolbar>
  );
}
