import {
  byOrder,
  type CanvasChange,
  type CanvasEdge,
  type CanvasNode,
  type NodeOf,
  type OpenCanvas,
  observeCanvas,
  readCanvas,
  readEdge,
  readNode,
} from '@soma/schemas/canvas';
import type { TaskState } from '@soma/schemas/run';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunFeeds } from '../../client/run-store.ts';
import { documentFlow, type FlowEdge, type FlowNode, linkFlow, openedRank, planFlow } from './flow.ts';

/** What the pointer does on the board. */
export type Tool = 'select' | 'hand' | 'note' | 'arrow' | 'frame';

/** How much a node shows, by zoom. */
export type Level = 'near' | 'mid' | 'far';

/** The board as it is drawn. Nodes and edges that did not change keep their identity, so that only those that did are drawn anew. */
export interface BoardState {
  readonly loaded: boolean;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly tool: Tool;
  readonly level: Level;
  /** The node whose text is edited. */
  readonly editing: string | null;
  /** The node a line is drawn from, until its other end is chosen. */
  readonly connecting: string | null;
  /** Ended runs whose plan is open on the board. */
  readonly unfolded: ReadonlySet<string>;
}

/** An open board: its document, and what is drawn of it. */
export interface Board {
  readonly canvas: OpenCanvas;
  readonly store: StoreApi<BoardState>;
  /** Changes what is drawn without the document: a drag under way, a selection. */
  readonly draw: (change: (nodes: readonly FlowNode[]) => readonly FlowNode[]) => void;
  readonly drawEdges: (change: (edges: readonly FlowEdge[]) => readonly FlowEdge[]) => void;
  readonly setUnfolded: (node: string, open: boolean) => void;
  readonly close: () => void;
}

interface Frame {
  readonly stop: () => void;
  tasks: readonly TaskState[];
  ended: boolean;
  plan: (ReturnType<typeof planFlow> & { readonly rank: number }) | null;
}

/** Follows the document and the plans of its runs. */
export function openBoard(canvas: OpenCanvas, runs: RunFeeds): Board {
  const store = createStore<BoardState>(() => ({
    loaded: canvas.loaded.get(),
    nodes: [],
    edges: [],
    tool: 'select',
    level: 'near',
    editing: null,
    connecting: null,
    unfolded: new Set<string>(),
  }));
  const drawing = new Drawing(canvas, store, runs);
  const stopDocument = observeCanvas(canvas.doc, drawing.take);
  const stopLoaded = canvas.loaded.subscribe(() => store.setState({ loaded: canvas.loaded.get() }));
  return {
    canvas,
    store,
    draw: (change) => store.setState(({ nodes }) => ({ nodes: change(nodes) })),
    drawEdges: (change) => store.setState(({ edges }) => ({ edges: change(edges) })),
    setUnfolded: (node, open) => {
      const unfolded = new Set(store.getState().unfolded);
      if (open) unfolded.add(node);
      else unfolded.delete(node);
      store.setState({ unfolded });
      drawing.rebuild();
    },
    close: () => {
      stopDocument();
      stopLoaded();
      drawing.close();
      canvas.close();
    },
  };
}

/** What is drawn of a document and of the plans of its runs, made anew as far as either changed. */
class Drawing {
  readonly #canvas: OpenCanvas;
  readonly #store: StoreApi<BoardState>;
  readonly #runs: RunFeeds;
  readonly #frames = new Map<string, Frame>();
  readonly #links = new Map<string, CanvasEdge>();
  #order: readonly CanvasNode[];

  constructor(canvas: OpenCanvas, store: StoreApi<BoardState>, runs: RunFeeds) {
    this.#canvas = canvas;
    this.#store = store;
    this.#runs = runs;
    const snapshot = readCanvas(canvas.doc);
    this.#order = snapshot.nodes;
    for (const edge of snapshot.edges) this.#links.set(edge.id, edge);
    this.#follow();
    this.rebuild();
  }

  /** Takes in one change of the document. */
  readonly take = (change: CanvasChange): void => {
    this.#order = withChanged(this.#order, this.#canvas, change);
    for (const id of change.edges) {
      const edge = readEdge(this.#canvas.doc, id);
      if (edge === undefined) this.#links.delete(id);
      else this.#links.set(id, edge);
    }
    if (change.order) this.#follow();
    this.rebuild();
  };

  readonly rebuild = (): void => {
    const before = this.#store.getState();
    const known = new Map(before.nodes.map((node) => [node.id, node]));
    const lines = new Map(before.edges.map((edge) => [edge.id, edge]));
    const nodes: FlowNode[] = [];
    const edges: FlowEdge[] = [];
    for (const [place, node] of this.#order.entries()) {
      const frame = this.#frames.get(node.id);
      const opened = frame?.ended === true && before.unfolded.has(node.id) ? frame.tasks : null;
      const rank = opened === null ? place : openedRank(place);
      nodes.push(drawnNode(known.get(node.id), { node, rank, opened }));
      if (node.kind !== 'run' || frame === undefined || (frame.ended && opened === null)) continue;
      const plan = planOf(frame, node, rank);
      nodes.push(...plan.nodes.map((task) => drawnTask(known.get(task.id), task)));
      edges.push(...plan.edges);
    }
    const ids = new Set(this.#order.map(({ id }) => id));
    for (const edge of this.#links.values()) {
      if (ids.has(edge.from) && ids.has(edge.to)) edges.push(drawnLink(lines.get(edge.id), edge));
    }
    this.#store.setState({ nodes, edges });
  };

  close(): void {
    for (const frame of this.#frames.values()) frame.stop();
  }

  /** Follows the runs whose frames stand on the board, and no others. */
  #follow(): void {
    const there = new Set<string>();
    for (const node of this.#order) {
      if (node.kind !== 'run') continue;
      there.add(node.id);
      if (!this.#frames.has(node.id))
        this.#frames.set(node.id, followPlan(node.run, this.#runs, this.rebuild));
    }
    for (const [id, frame] of this.#frames) {
      if (there.has(id)) continue;
      frame.stop();
      this.#frames.delete(id);
    }
  }
}

/** The nodes by their order of drawing, after a change. */
function withChanged(order: readonly CanvasNode[], canvas: OpenCanvas, change: CanvasChange): CanvasNode[] {
  const next = order.flatMap((node) => {
    if (!change.nodes.has(node.id)) return [node];
    return readNode(canvas.doc, node.id) ?? [];
  });
  if (!change.order) return next;
  const there = new Set(next.map(({ id }) => id));
  for (const id of change.nodes) {
    const node = there.has(id) ? undefined : readNode(canvas.doc, id);
    if (node !== undefined) next.push(node);
  }
  return next.sort(byOrder);
}

/** Follows a run as far as its frame needs: which tasks there are, and whether it has ended. */
function followPlan(run: string, runs: RunFeeds, onChange: () => void): Frame {
  const { view } = runs.of(run);
  const stopWatch = runs.follow(run);
  const read = () => {
    const { state } = view.getState();
    return { tasks: state?.tasks ?? [], ended: state?.status.name === 'ended' };
  };
  const stopView = view.subscribe(() => {
    const now = read();
    if (now.ended === frame.ended && samePlan(now.tasks, frame.tasks)) return;
    Object.assign(frame, now, samePlan(now.tasks, frame.tasks) ? {} : { plan: null });
    onChange();
  });
  const frame: Frame = {
    ...read(),
    plan: null,
    stop: () => {
      stopView();
      stopWatch();
    },
  };
  return frame;
}

function samePlan(one: readonly TaskState[], other: readonly TaskState[]): boolean {
  const shape = (tasks: readonly TaskState[]) =>
    tasks.map(({ id, after }) => [id, ...after].join(' ')).join('\n');
  return one === other || shape(one) === shape(other);
}

/** The plan's nodes and arrows, laid out once for as long as the plan and the frame's rank are the same. */
function planOf(frame: Frame, node: NodeOf<'run'>, rank: number) {
  if (frame.plan?.rank !== rank) {
    frame.plan = { ...planFlow({ id: node.id, run: node.run, rank }, frame.tasks), rank };
  }
  return frame.plan;
}

/** The node as it was drawn, when the document says nothing new; what is selected stays so, and a drag under way goes on. */
function drawnNode(before: FlowNode | undefined, now: DrawnNode): FlowNode {
  const { node, rank, opened } = now;
  if (before?.data.node === node && before.zIndex === rank * 2) return before;
  return { ...documentFlow(node, rank, opened), selected: before?.selected ?? false };
}

interface DrawnNode {
  readonly node: CanvasNode;
  readonly rank: number;
  /** The tasks of an ended run whose plan is open. */
  readonly opened: readonly TaskState[] | null;
}

function drawnTask(before: FlowNode | undefined, task: FlowNode): FlowNode {
  if (before === undefined) return task;
  const { x, y } = before.position;
  const stays = before.zIndex === task.zIndex && x === task.position.x && y === task.position.y;
  return stays ? before : { ...task, selected: before.selected ?? false };
}

function drawnLink(before: FlowEdge | undefined, edge: CanvasEdge): FlowEdge {
  const same = before?.type === 'link' && before.data?.edge === edge;
  return same ? before : { ...linkFlow(edge), selected: before?.selected ?? false };
}
