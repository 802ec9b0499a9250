import type { NodeOf } from '@soma/schemas/canvas';
import { type NodeProps, NodeToolbar, Position } from '@xyflow/react';
import { useState } from 'react';
import { useContent, useRun, useText, useView } from '../../client/index.ts';
import { TaskApproval } from '../approval/index.ts';
import { focusGoal } from '../goal/goal-focus.ts';
import { revealNode } from '../palette/board-actions.ts';
import { TaskFace, useTask } from '../plan/task-face.tsx';
import { headFacts, isEnded, phaseLook, RunEndCard, RunFrame, useCountsText } from '../run/index.ts';
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
  const facts = useRun(node.run, headFacts);
  const counts = useCountsText();
  const goal = useContent(facts?.goal ?? null).value ?? node.caption?.title ?? '';
  const phase = facts?.phase ?? node.caption?.state ?? 'planning';
  const look = phaseLook(phase);
  const ended = isEnded(phase);
  const told = facts === null ? '' : counts(facts);
  const label = text('app.run.named', { goal, state: text(`app.state.${phase}`), counts: told });
  const folded = ended && !unfolded;
  return (
    <NodeShell id={id} label={label} kind="run" selected={selected}>
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
          {...(ended && { onFold: () => board.setUnfolded(id, false) })}
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
          {...(told !== '' && { detail: told })}
        />
      )}
    </NodeShell>
  );
}

/** One task of a run, inside its frame. */
export function TaskNode({ id, data, selected }: NodeProps<TaskFlow>) {
  const text = useText();
  const level = useBoardState((state) => state.level);
  const facts = useTask(data.run, data.task);
  const title = facts?.task.title ?? data.title;
  const look = facts?.look ?? 'queued';
  const label = text('app.task.named', { title, state: text(`app.state.${look}`) });
  return (
    <NodeShell id={id} label={label} kind="task" selected={selected} connectable={data.node !== undefined}>
      {level === 'near' && facts !== null && <TaskFace run={data.run} facts={facts} selected={selected} />}
      {level === 'mid' && facts !== null && <MidTask facts={facts} selected={selected} />}
      {level === 'far' && <FarFace state={look} selected={selected} />}
      {selected && look === 'waiting' && <TaskQuestion run={data.run} task={data.task} />}
    </NodeShell>
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
