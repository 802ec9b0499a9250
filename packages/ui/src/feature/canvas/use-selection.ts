import { useEffect } from 'react';
import { type Selection, useClient } from '../../client/index.ts';
import { selectOnly } from './board-edit.ts';
import { catchFocus } from './board-focus.ts';
import type { Board, BoardState } from './board-store.ts';
import type { Camera } from './camera.ts';
import type { FlowNode } from './flow.ts';

/** What the inspector is told of a node of this board. */
function selectionOf(node: FlowNode, canvas: string): Selection {
  if (node.type === 'task') return { kind: 'task', run: node.data.run, task: node.data.task };
  const { node: drawn } = node.data;
  if (drawn.kind === 'run') return { kind: 'run', run: drawn.run };
  if (drawn.kind === 'artifact') {
    return { kind: 'artifact', run: drawn.run, task: drawn.task, artifact: drawn.artifact };
  }
  return { kind: 'node', canvas, node: node.id };
}

/** The node that shows what is selected: the thing itself, or the frame of its run. */
function nodeOf(board: Board, selection: Selection): FlowNode | undefined {
  const { nodes } = board.store.getState();
  const exact = nodes.find((node) => same(selectionOf(node, board.canvas.document), selection));
  if (exact !== undefined || selection.kind === 'run' || selection.kind === 'node') return exact;
  if (selection.kind === 'call') {
    const { run, task } = selection;
    return nodeOf(board, { kind: 'task', run, task });
  }
  return nodeOf(board, { kind: 'run', run: selection.run });
}

function same(one: Selection | null, other: Selection | null): boolean {
  if (one === null || other === null) return one === other;
  switch (one.kind) {
    case 'run':
      return other.kind === 'run' && one.run === other.run;
    case 'task':
      return other.kind === 'task' && one.run === other.run && one.task === other.task;
    case 'call':
      return other.kind === 'call' && one.run === other.run && one.call === other.call;
    case 'artifact':
      return other.kind === 'artifact' && one.run === other.run && one.artifact === other.artifact;
    case 'node':
      return other.kind === 'node' && one.canvas === other.canvas && one.node === other.node;
    default:
      return one satisfies never;
  }
}

/** Keeps the board's selection and what the inspector speaks of the same, whichever changes; what others select is brought into view. */
export function useSharedSelection(board: Board, camera: Camera | null): void {
  const { view } = useClient();
  useEffect(() => {
    if (camera === null) return;
    let drawn: Selection | null = view.getState().selection;
    const fromBoard = ({ nodes }: BoardState, before: BoardState) => {
      if (nodes === before.nodes) return;
      const [only, ...more] = nodes.filter(({ selected }) => selected === true);
      const chosen = only === undefined || more.length > 0 ? null : selectionOf(only, board.canvas.document);
      if (only === undefined || same(chosen, drawn)) return;
      // A folded frame stands for the task in it that was chosen elsewhere.
      if (chosen !== null && drawn !== null && nodeOf(board, drawn)?.id === only.id) return;
      drawn = chosen;
      view.select(chosen);
    };
    const toBoard = (selection: Selection | null) => {
      if (selection === null || same(selection, drawn)) return;
      const node = nodeOf(board, selection);
      if (node === undefined) return;
      drawn = selection;
      selectOnly(board, [node.id]);
      camera.bringIn(node.id);
    };
    const stopBoard = board.store.subscribe(fromBoard);
    const stopView = view.subscribe(({ selection }) => toBoard(selection));
    return () => {
      stopBoard();
      stopView();
    };
  }, [board, camera, view]);
}

/** Shows the run that was just started, asked for, or is looked back at. */
export function useRevealedRuns(board: Board, camera: Camera | null, stage: HTMLElement | null): void {
  useRevealedRun(board, camera, stage);
  useRevealedPast(board, camera);
}

/** A run that is looked back at stands where its tasks can be read. */
function useRevealedPast(board: Board, camera: Camera | null): void {
  const { travel } = useClient();
  useEffect(() => {
    if (camera === null) return;
    return travel.subscribe(({ run }, before) => {
      if (run === null || run === before.run) return;
      const frame = nodeOf(board, { kind: 'run', run });
      if (frame === undefined) return;
      if (board.store.getState().level === 'near') camera.bringIn(frame.id);
      else camera.reveal(frame.id);
    });
  }, [board, camera, travel]);
}

/** Shows the run that was just started, or asked for, as soon as its frame stands on the board. */
function useRevealedRun(board: Board, camera: Camera | null, stage: HTMLElement | null): void {
  const { view } = useClient();
  useEffect(() => {
    if (camera === null || stage === null) return;
    let asked = view.getState().run;
    let awaited: string | null = null;
    const frameOf = (run: string) => nodeOf(board, { kind: 'run', run });
    const look = () => {
      const { run } = view.getState();
      if (run !== asked) {
        asked = run;
        // One that stands here already is seen, or is brought into view by its selection.
        awaited = run !== null && frameOf(run) === undefined ? run : null;
      }
      const frame = awaited === null ? undefined : frameOf(awaited);
      if (frame === undefined) return;
      awaited = null;
      camera.reveal(frame.id);
      // What it was started from may be gone with the empty board.
      catchFocus(stage, frame.id);
    };
    const stops = [board.store.subscribe(look), view.subscribe(look)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [board, camera, stage, view]);
}
