import * as Y from 'yjs';
import { edgesOf, nodesOf } from './document.ts';

/** What one transaction touched. Read each id again: one that reads as undefined is gone. */
export interface CanvasChange {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  /** Whether nodes came, went or changed their order. */
  readonly order: boolean;
  readonly origin: unknown;
}

/** Calls the listener once after each transaction that touched a node or an edge. Returns the function that ends it. */
export function observeCanvas(doc: Y.Doc, listener: (change: CanvasChange) => void): () => void {
  const [nodesMap, edgesMap] = [nodesOf(doc), edgesOf(doc)];
  let [nodes, edges, order] = [new Set<string>(), new Set<string>(), false];
  const collect = (into: () => Set<string>) => (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]) => {
    for (const event of events) {
      const top = event.path[0];
      if (top !== undefined) into().add(String(top));
      else if (event instanceof Y.YMapEvent) for (const id of event.keysChanged) into().add(String(id));
      if (event.target === nodesMap || (event.path.length === 1 && event.changes.keys.has('z'))) order = true;
    }
  };
  const onNodes = collect(() => nodes);
  const onEdges = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    const before = order;
    collect(() => edges)(events);
    order = before;
  };
  const flush = (transaction: Y.Transaction): void => {
    if (nodes.size === 0 && edges.size === 0) return;
    const change = { nodes, edges, order, origin: transaction.origin as unknown };
    [nodes, edges, order] = [new Set(), new Set(), false];
    listener(change);
  };
  nodesMap.observeDeep(onNodes);
  edgesMap.observeDeep(onEdges);
  doc.on('afterTransaction', flush);
  return () => {
    nodesMap.unobserveDeep(onNodes);
    edgesMap.unobserveDeep(onEdges);
    doc.off('afterTransaction', flush);
  };
}
