import { ConnectionMode, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow } from '@xyflow/react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useText, useView } from '../../client/index.ts';
import { cx, EdgeHeads } from '../../design/index.ts';
import { Announcer } from './announcer.tsx';
import { BoardContext, useBoardState } from './board-context.tsx';
import { addFrame, addNote, connect, GRID, type Removed, selectedNodes } from './board-edit.ts';
import { focusStop } from './board-focus.ts';
import { onBoardKey } from './board-keys.ts';
import { BoardMap } from './board-map.tsx';
import type { Board } from './board-store.ts';
import { BoardToolbar } from './board-toolbar.tsx';
import { BoardZoom } from './board-zoom.tsx';
import { type Camera, createCamera } from './camera.ts';
import './canvas.css';
import { ConnectPicker } from './connect-picker.tsx';
import { DocumentNode } from './document-nodes.tsx';
import { Dots } from './dots.tsx';
import { LinkEdge, PlanEdge } from './edges.tsx';
import type { FlowEdge, FlowNode } from './flow.ts';
import { FrameDrawer } from './frame-drawer.tsx';
import { RunNode, TaskNode } from './run-nodes.tsx';
import { useBoardCommands } from './use-board-commands.ts';
import { useBoardFlow } from './use-board-flow.ts';
import { useCameraPlace } from './use-camera-place.ts';
import { useRevealedRuns, useSharedSelection } from './use-selection.ts';

const NODES = {
  note: DocumentNode,
  file: DocumentNode,
  link: DocumentNode,
  group: DocumentNode,
  artifact: DocumentNode,
  run: RunNode,
  task: TaskNode,
};
/** Marks what floats over the foot of a board. */
const OVER_FOOT = 'data-over-foot';
const BELOW = { least: 60, around: 28 } as const;
const EDGES = { link: LinkEdge, plan: PlanEdge };

/** More running things than this on one board stand still. */
const MOST_MOVING = 30;

export interface BoardViewProps {
  readonly board: Board;
  /** Told what a command removed, so that its undoing can be offered. */
  readonly onRemoved: (removed: Removed) => void;
  /** Stands in the middle of an empty board. */
  readonly empty: ReactNode;
  /** Floats at the bottom of a board with something on it: the goal box. */
  readonly children: ReactNode;
}

/** A board: everything on it, its tools, keys and camera. */
export function BoardView(props: BoardViewProps) {
  return (
    <BoardContext value={props.board}>
      <ReactFlowProvider key={props.board.canvas.document}>
        <Stage {...props} />
      </ReactFlowProvider>
    </BoardContext>
  );
}

function Stage({ board, onRemoved, empty, children }: BoardViewProps) {
  const text = useText();
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const exit = useRef<HTMLSpanElement>(null);
  const [connectFrom, setConnectFrom] = useState<string | null>(null);
  const camera = useCamera(board, stage);
  useSharedSelection(board, camera);
  useRevealedRuns(board, camera, stage);
  useNearEnough(board, camera);
  useSightBesideCode(board, camera);
  useBoardCommands({ board, camera, stage, onRemoved });
  const isEmpty = useBoardState(({ loaded, nodes }) => loaded && nodes.length === 0);
  const tool = useBoardState((state) => state.tool);
  const still = useBoardState(({ level, nodes }) => level === 'far' || nodes.length > 10 * MOST_MOVING);
  const onKeyDown = (event: KeyboardEvent) => {
    if (camera !== null && stage !== null)
      onBoardKey(event, { board, camera, stage, exit: exit.current, onConnect: setConnectFrom });
  };
  const onDoubleClick = (event: MouseEvent) => {
    if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
    addNote(board, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
  };
  return (
    <div
      ref={setStage}
      data-tool={tool}
      data-still={still ? '' : undefined}
      role="application"
      aria-label={text('app.canvas.board')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the board is one stop of the Tab key, and leads on to its nodes.
      tabIndex={0}
      onKeyDown={onKeyDown}
      onDoubleClick={onDoubleClick}
      className="board relative size-full -outline-offset-2"
    >
      <EdgeHeads />
      <Flow board={board} camera={camera} stage={stage} />
      {tool === 'frame' && <Drawer board={board} />}
      {isEmpty && (
        <div className="pointer-events-none absolute inset-0 z-3 overflow-y-auto *:pointer-events-auto">
          {empty}
        </div>
      )}
      {camera !== null && <Floating camera={camera} goal={isEmpty ? null : children} />}
      <span ref={exit} tabIndex={-1} />
      <Spoken />
      {connectFrom !== null && (
        <ConnectPicker
          from={connectFrom}
          onDone={() => {
            setConnectFrom(null);
            // The dialog keeps the focus until it is gone.
            requestAnimationFrame(() => {
              if (camera !== null && stage !== null) focusStop({ board, camera, stage }, connectFrom);
            });
          }}
        />
      )}
    </div>
  );
}

function useCamera(board: Board, stage: HTMLElement | null): Camera | null {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  return useMemo(
    () =>
      stage === null
        ? null
        : createCamera(board, flow, () => ({ box: stage.getBoundingClientRect(), below: roomBelow(stage) })),
    [board, flow, stage],
  );
}

/** How much of a board's height the goal box over its foot takes, with some air, in CSS pixels. */
function roomBelow(stage: HTMLElement): number {
  const box = stage.querySelector<HTMLElement>(`[${OVER_FOOT}]`)?.offsetHeight ?? 0;
  return box === 0 ? BELOW.least : box + BELOW.around;
}

/** The frame tool: a rectangle that is drawn becomes a group. */
function Drawer({ board }: { readonly board: Board }) {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  return (
    <FrameDrawer
      onDrawn={({ x, y, width, height }) => {
        const zoom = flow.getZoom();
        const at = flow.screenToFlowPosition({ x, y });
        addFrame(board, { ...at, width: width / zoom, height: height / zoom });
      }}
    />
  );
}

/** Nobody writes in a node that is too far away to be read: the camera comes near first. */
function useNearEnough(board: Board, camera: Camera | null): void {
  const editing = useBoardState((state) => state.editing);
  useEffect(() => {
    if (camera !== null && editing !== null && board.store.getState().level !== 'near')
      camera.approach(editing);
  }, [board, camera, editing]);
}

/** A file that opens beside the board takes room from it: the card it was opened from stays in sight. */
function useSightBesideCode(board: Board, camera: Camera | null): void {
  const open = useView((view) => view.code !== null);
  useEffect(() => {
    const [only] = selectedNodes(board);
    if (open && camera !== null && only !== undefined) camera.bringIn(only.id);
  }, [board, camera, open]);
}

interface FlowProps {
  readonly board: Board;
  readonly camera: Camera | null;
  readonly stage: HTMLElement | null;
}

function Flow({ board, camera, stage }: FlowProps) {
  const text = useText();
  const nodes = useBoardState((state) => state.nodes);
  const edges = useBoardState((state) => state.edges);
  const tool = useBoardState((state) => state.tool);
  const handlers = useBoardFlow(board);
  const place = useCameraPlace(board, camera, stage);
  const presses = usePresses(board);
  const selecting = tool === 'select';
  // What a person reads on an empty board stands on plain ground.
  const bare = useBoardState((state) => state.loaded && state.nodes.length === 0);
  return (
    <ReactFlow<FlowNode, FlowEdge>
      // The library keeps its own list and never writes to this one.
      nodes={nodes as FlowNode[]}
      edges={edges as FlowEdge[]}
      nodeTypes={NODES}
      edgeTypes={EDGES}
      {...handlers}
      {...place}
      {...presses}
      connectionMode={ConnectionMode.Loose}
      zIndexMode="manual"
      onlyRenderVisibleElements
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode="Shift"
      nodesDraggable={selecting}
      nodesConnectable={selecting || tool === 'arrow'}
      elementsSelectable={selecting}
      selectionOnDrag={selecting}
      selectionMode={SelectionMode.Partial}
      panOnDrag={tool === 'hand' ? true : [1]}
      panOnScroll
      zoomOnDoubleClick={false}
      zoomActivationKeyCode={['Control', 'Meta']}
      snapToGrid
      snapGrid={[GRID, GRID]}
      minZoom={0.02}
      maxZoom={4}
      connectionRadius={28}
      ariaLabelConfig={{
        'minimap.ariaLabel': text('app.canvas.map'),
        'node.a11yDescription.keyboardDisabled': text('app.canvas.board'),
        'edge.a11yDescription.default': text('app.canvas.lineHelp'),
      }}
    >
      {!bare && <Dots />}
    </ReactFlow>
  );
}

/** What a press means with the tool that is held. */
function usePresses(board: Board) {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  return useMemo(
    () => ({
      onNodeClick: (_event: MouseEvent, { id, data }: FlowNode) => {
        const { tool, connecting } = board.store.getState();
        if (tool !== 'arrow' || data.node === undefined) return;
        if (connecting === null) board.store.setState({ connecting: id });
        else {
          connect(board, { from: connecting, to: id });
          board.store.setState({ connecting: null, tool: 'select' });
        }
      },
      onNodeDoubleClick: (_event: MouseEvent, { id, type }: FlowNode) => {
        if (type === 'note' || type === 'group') board.store.setState({ editing: id });
      },
      onPaneClick: (event: MouseEvent) => {
        const { tool } = board.store.getState();
        if (tool === 'note')
          addNote(board, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
        else if (tool === 'arrow') board.store.setState({ connecting: null });
      },
    }),
    [board, flow],
  );
}

function Floating({ camera, goal }: { readonly camera: Camera; readonly goal: ReactNode }) {
  const text = useText();
  const map = useView((view) => view.map);
  const connecting = useBoardState((state) => state.connecting !== null);
  const tool = useBoardState((state) => state.tool);
  return (
    <>
      <div className="absolute start-3 top-1/2 z-5 -translate-y-1/2">
        <BoardToolbar />
      </div>
      {tool === 'arrow' && (
        <p className="absolute inset-x-0 top-3 z-5 mx-auto w-fit rounded-card border border-line bg-raised px-3 py-1 text-small text-ink-2 shadow-2">
          {text(connecting ? 'app.canvas.arrowTo' : 'app.canvas.arrowFrom')}
        </p>
      )}
      <div
        className={cx('pointer-events-none absolute inset-x-0 bottom-3 z-5 flex items-end gap-4 ps-17 pe-3')}
      >
        <div {...{ [OVER_FOOT]: '' }} className="flex min-w-0 flex-1 *:pointer-events-auto">
          {goal}
        </div>
        <div className="relative flex-none *:pointer-events-auto">
          {map && <BoardMap />}
          <BoardZoom camera={camera} />
        </div>
      </div>
    </>
  );
}

/** The live region over all runs of the board. */
function Spoken() {
  const nodes = useBoardState((state) => state.nodes);
  const runs = useMemo(
    () =>
      nodes.flatMap(({ id, data: { node } }) => (node?.kind === 'run' ? [{ node: id, run: node.run }] : [])),
    [nodes],
  );
  return <Announcer runs={runs} />;
}
