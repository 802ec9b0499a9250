import type * as Y from 'yjs';
import { addNode, Board, moveNode, resizeNode, setField } from './board.ts';
import { edgesOf, fieldsOf, nodesOf, noteText, readPlaces, rewriteText, writeEdge } from './document.ts';
import { foldRun } from './fold.ts';
import type { CanvasMutation } from './mutation.ts';
import { arrangeNodes, groupNodes, orderNodes, placeCards, placeRun } from './settle.ts';

/** What became of a batch: whether the document changed, and the ids it named that are not there. */
export interface MutationOutcome {
  readonly changed: boolean;
  readonly missing: readonly string[];
}

function remove(
  board: Board,
  ids: { readonly nodes: readonly string[]; readonly edges: readonly string[] },
): void {
  const nodes = nodesOf(board.doc);
  const edges = edgesOf(board.doc);
  const gone = new Set(ids.nodes.filter((id) => nodes.has(id)));
  for (const id of ids.nodes) if (!gone.has(id)) board.miss(id);
  for (const id of gone) nodes.delete(id);
  for (const id of ids.edges) {
    if (edges.has(id)) edges.delete(id);
    else board.miss(id);
  }
  if (gone.size === 0) return;
  for (const id of [...edges.keys()]) {
    const fields = fieldsOf(edges, id);
    const [from, to] = [fields?.get('from'), fields?.get('to')];
    if ((typeof from === 'string' && gone.has(from)) || (typeof to === 'string' && gone.has(to)))
      edges.delete(id);
  }
}

function addEdge(board: Board, edge: Extract<CanvasMutation, { type: 'add-edge' }>['edge']): void {
  const nodes = nodesOf(board.doc);
  const absent = [edge.from, edge.to].filter((id) => !nodes.has(id));
  for (const id of absent) board.miss(id);
  if (absent.length === 0 && !edgesOf(board.doc).has(edge.id)) writeEdge(board.doc, edge);
}

function setCaption(board: Board, wish: Extract<CanvasMutation, { type: 'set-caption' }>): void {
  const fields = fieldsOf(nodesOf(board.doc), wish.id);
  if (fields === undefined || fields.get('kind') !== 'run') board.miss(wish.id);
  else
    fields.set('caption', { state: wish.state, ...(wish.title === undefined ? {} : { title: wish.title }) });
}

function setText(board: Board, wish: Extract<CanvasMutation, { type: 'set-text' }>): void {
  const text = noteText(board.doc, wish.id);
  if (text === undefined || (wish.from !== undefined && text.toJSON() !== wish.from)) board.miss(wish.id);
  else rewriteText(text, wish.text);
}

function setColour(board: Board, wish: Extract<CanvasMutation, { type: 'set-colour' }>): void {
  for (const id of wish.nodes) setField(board, { on: 'node', id, name: 'colour' }, wish.colour);
  for (const id of wish.edges) setField(board, { on: 'edge', id, name: 'colour' }, wish.colour);
}

function apply(board: Board, mutation: CanvasMutation) {
  switch (mutation.type) {
    case 'add-node':
      return addNode(board, mutation.node);
    case 'move-nodes':
      for (const move of mutation.moves) moveNode(board, move.id, move);
      return;
    case 'resize-node': {
      const place = readPlaces(board.doc).get(mutation.id);
      if (place === undefined) return board.miss(mutation.id);
      moveNode(board, mutation.id, { x: mutation.x ?? place.x, y: mutation.y ?? place.y });
      return resizeNode(board, mutation.id, mutation);
    }
    case 'remove':
      return remove(board, mutation);
    case 'add-edge':
      return addEdge(board, mutation.edge);
    case 'remove-edge':
      return remove(board, { nodes: [], edges: [mutation.id] });
    case 'set-text':
      return setText(board, mutation);
    case 'set-colour':
      return setColour(board, mutation);
    case 'set-label':
      return setField(board, { ...mutation, name: 'label' }, mutation.label);
    case 'group':
      return groupNodes(board, mutation);
    case 'ungroup':
      return remove(board, { nodes: [mutation.id], edges: [] });
    case 'arrange':
      return arrangeNodes(board, mutation);
    case 'order':
      return orderNodes(board, mutation);
    case 'set-caption':
      return setCaption(board, mutation);
    case 'fold-run':
      return foldRun(board, mutation);
    case 'place-run':
      return placeRun(board, mutation);
    case 'place-cards':
      return placeCards(board, mutation);
  }
}

/**
 * Applies checked mutations in order, inside one transaction with the given origin. Ids that are not there are passed over and
 * reported; nothing throws half way.
 */
export function applyMutations(
  doc: Y.Doc,
  mutations: readonly CanvasMutation[],
  origin: unknown = null,
): MutationOutcome {
  const board = new Board(doc);
  let changed = false;
  doc.transact((transaction) => {
    for (const mutation of mutations) apply(board, mutation);
    changed = transaction.changed.size > 0;
  }, origin);
  return { changed, missing: board.missing };
}
