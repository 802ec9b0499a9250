import { addNode, type Board, moveNode, resizeNode } from './board.ts';
import { fieldsOf, nodesOf, readPlaces, writeNode } from './document.ts';
import type { CanvasMutation, Card } from './mutation.ts';
import type { NewNode, Rect } from './node.ts';
import { arrangement, boundsOf, contains, freePlace, overlaps, PLACE_GAP, type Point } from './place.ts';
import { cardSize, RUN_FRAME, runFrameSize } from './run-frame.ts';

type Wish<T extends CanvasMutation['type']> = Extract<CanvasMutation, { type: T }>;

/** Room between a group's edge and what it holds; the label stands above. */
const GROUP = { padding: 24, label: 36 } as const;

/** The narrowest strip cards are laid out in. */
const CARD_STRIP = RUN_FRAME.minWidth;

/** What stands in the way of a node that goes beside `near`: everything but the groups it would lie in anyway. */
function obstacles(board: Board, near: Rect | undefined, except: ReadonlySet<string>): Rect[] {
  const found: Rect[] = [];
  for (const [id, place] of readPlaces(board.doc)) {
    if (except.has(id)) continue;
    if (near !== undefined && place.kind === 'group' && contains(place, near)) continue;
    found.push(place);
  }
  return found;
}

/** Where something new begins when nobody says where: right of all there is, at its top. */
function besideAll(rects: readonly Rect[]): Point {
  const bounds = boundsOf(rects);
  return bounds === undefined ? { x: 0, y: 0 } : { x: bounds.x + bounds.width + 3 * PLACE_GAP, y: bounds.y };
}

/** Puts a run's frame on the board, or fits the one that is there to its tasks. */
export function placeRun(board: Board, wish: Wish<'place-run'>): void {
  const size = runFrameSize(wish.tasks);
  const there = readPlaces(board.doc).get(wish.id);
  const others = obstacles(board, there, new Set([wish.id]));
  if (there === undefined) {
    const at = freePlace(others, size, { ...(wish.at ?? besideAll(others)), span: Infinity });
    addNode(board, { kind: 'run', id: wish.id, run: wish.run, ...at, ...size });
    return;
  }
  resizeNode(board, wish.id, size);
  const frame = { x: there.x, y: there.y, ...size };
  if (others.some((rect) => overlaps(frame, rect) && !overlaps(there, rect))) {
    moveNode(board, wish.id, freePlace(others, size, { ...frame, span: Infinity }));
  }
}

function cardNode(card: Card, rect: Rect): NewNode {
  const { rows: _rows, graph: _graph, chart: _chart, ...fields } = card;
  return { ...fields, ...rect };
}

/** Lays cards out in rows below a node, or at a free place when that node is gone. */
export function placeCards(board: Board, wish: Wish<'place-cards'>): void {
  const beside = wish.beside === null ? undefined : readPlaces(board.doc).get(wish.beside);
  const occupied = obstacles(board, beside, new Set());
  const from =
    beside === undefined ? besideAll(occupied) : { x: beside.x, y: beside.y + beside.height + PLACE_GAP };
  const span = Math.max(beside?.width ?? 0, CARD_STRIP);
  for (const card of wish.cards) {
    if (nodesOf(board.doc).has(card.id)) continue;
    const size = cardSize(card);
    const rect = { ...freePlace(occupied, size, { ...from, span }), ...size };
    addNode(board, cardNode(card, rect));
    occupied.push(rect);
  }
}

/** Puts a group behind and around nodes. */
export function groupNodes(board: Board, wish: Wish<'group'>): void {
  const places = readPlaces(board.doc);
  const members = wish.nodes.flatMap((id) => places.get(id) ?? []);
  for (const id of wish.nodes) if (!places.has(id)) board.miss(id);
  const bounds = boundsOf(members);
  if (bounds === undefined || nodesOf(board.doc).has(wish.id)) return;
  const rect = {
    x: bounds.x - GROUP.padding,
    y: bounds.y - GROUP.padding - GROUP.label,
    width: bounds.width + 2 * GROUP.padding,
    height: bounds.height + 2 * GROUP.padding + GROUP.label,
  };
  const lowest = Math.min(...members.map((place) => place.z));
  const label = wish.label === null ? {} : { label: wish.label };
  writeNode(board.doc, { kind: 'group', id: wish.id, ...rect, ...label }, lowest - 1);
}

/** Lays nodes out in reading order from their own top left corner, further on when that would cover something else. */
export function arrangeNodes(board: Board, wish: Wish<'arrange'>): void {
  const places = readPlaces(board.doc);
  for (const id of wish.nodes) if (!places.has(id)) board.miss(id);
  const moving = [...new Set(wish.nodes)]
    .flatMap((id) => {
      const place = places.get(id);
      return place === undefined ? [] : [{ id, place }];
    })
    .sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x || (a.id < b.id ? -1 : 1));
  const bounds = boundsOf(moving.map((node) => node.place));
  if (bounds === undefined) return;
  const sizes = moving.map((node) => node.place);
  const block = boundsOf(
    arrangement(sizes, wish.layout, bounds).map((at, index) => ({ ...(sizes[index] ?? bounds), ...at })),
  );
  const others = obstacles(board, bounds, new Set(moving.map((node) => node.id)));
  const origin = freePlace(others, block ?? bounds, { x: bounds.x, y: bounds.y, span: Infinity });
  for (const [index, at] of arrangement(sizes, wish.layout, origin).entries()) {
    const node = moving[index];
    if (node !== undefined) moveNode(board, node.id, at);
  }
}

interface Ranked {
  readonly id: string;
  z: number;
}

function ranked(board: Board): Ranked[] {
  return [...readPlaces(board.doc)]
    .map(([id, place]) => ({ id, z: place.z }))
    .sort((a, b) => a.z - b.z || (a.id < b.id ? -1 : 1));
}

/** Moves one node past its neighbour: to the middle between that and the next, or by counting all nodes anew when no number lies between. */
function pass(order: Ranked[], index: number, step: 1 | -1): void {
  const [node, next, beyond] = [order[index], order[index + step], order[index + 2 * step]];
  if (node === undefined || next === undefined) return;
  const z = beyond === undefined ? next.z + step : (next.z + beyond.z) / 2;
  order[index] = next;
  order[index + step] = node;
  const between = z !== next.z && z !== beyond?.z;
  if (between) node.z = z;
  else for (const [rank, each] of order.entries()) each.z = rank;
}

/** Brings nodes to the front or back, or past their next neighbour, keeping their order among themselves. */
export function orderNodes(board: Board, wish: Wish<'order'>): void {
  const order = ranked(board);
  const chosen = new Set(wish.nodes);
  const step = wish.to === 'front' || wish.to === 'forward' ? 1 : -1;
  const moving = order.filter((node) => chosen.has(node.id));
  for (const id of chosen) if (!moving.some((node) => node.id === id)) board.miss(id);
  // Whoever goes furthest goes first, so that no two of them change places.
  if (wish.to === 'forward' || wish.to === 'back') moving.reverse();
  let end = (step === 1 ? order.at(-1) : order[0])?.z ?? 0;
  for (const node of moving) {
    if (wish.to === 'front' || wish.to === 'back') {
      end += step;
      node.z = end;
      continue;
    }
    const index = order.indexOf(node);
    const neighbour = order[index + step];
    if (neighbour !== undefined && !chosen.has(neighbour.id)) pass(order, index, step);
  }
  board.reordered();
  for (const { id, z } of order) {
    const fields = fieldsOf(nodesOf(board.doc), id);
    if (fields !== undefined && fields.get('z') !== z) fields.set('z', z);
  }
}
