import { type CanvasNode, contains, observeCanvas, readCanvas } from '@soma/schemas/canvas';
import { ArrowLeft, ArrowRight, ExternalLink, FileCode } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import { useClient, useFolder, useRunRow, useText } from '../../client/index.ts';
import { Button, Icon, type LucideIcon, Panel, type PanelProps } from '../../design/index.ts';
import { kindIcon, nameOf } from '../document/index.ts';
import { revealNode } from '../palette/board-actions.ts';

/** A line of a node, seen from it. */
interface Connection {
  readonly edge: string;
  readonly label: string | null;
  readonly other: CanvasNode;
}

/** What a board knows of one of its nodes. */
interface NodeFacts {
  readonly node: CanvasNode;
  /** The groups it lies in. */
  readonly inside: readonly CanvasNode[];
  /** What lies in it, of a group. */
  readonly holds: readonly CanvasNode[];
  readonly to: readonly Connection[];
  readonly from: readonly Connection[];
}

function factsOf(doc: Parameters<typeof readCanvas>[0], id: string): NodeFacts | null {
  const { nodes, edges } = readCanvas(doc);
  const byId = new Map(nodes.map((each) => [each.id, each]));
  const node = byId.get(id);
  if (node === undefined) return null;
  const others = nodes.filter((each) => each.id !== id);
  const lines = (end: 'from' | 'to') => {
    const far = end === 'from' ? 'to' : 'from';
    return edges.flatMap((edge): Connection[] => {
      const other = byId.get(edge[far]);
      if (edge[end] !== id || other === undefined) return [];
      return [{ edge: edge.id, label: edge.label ?? null, other }];
    });
  };
  return {
    node,
    inside: others.filter((each) => each.kind === 'group' && contains(each, node)),
    holds: node.kind === 'group' ? others.filter((each) => contains(node, each)) : [],
    to: lines('from'),
    from: lines('to'),
  };
}

/** A node of a board and what it is connected with, followed; null while the board does not hold it. */
function useNode(canvas: string, id: string): NodeFacts | null {
  const { canvases } = useClient().link;
  const [facts, setFacts] = useState<NodeFacts | null>(null);
  useLayoutEffect(() => {
    const board = canvases.open(canvas);
    const read = () => setFacts(factsOf(board.doc, id));
    read();
    const stops = [observeCanvas(board.doc, read), board.loaded.subscribe(read)];
    return () => {
      for (const stop of stops) stop();
      board.close();
    };
  }, [canvases, canvas, id]);
  return facts?.node.id === id ? facts : null;
}

export interface NodeInspectorProps extends Pick<PanelProps, 'close' | 'className'> {
  readonly canvas: string;
  readonly node: string;
  /** Stands here when the board holds the node no more. */
  readonly gone: ReactNode;
}

/** What a note, file, link or group is, where it lies, and what it is connected with; each of these leads there. */
export function NodeInspector({ canvas, node: id, gone, ...panel }: NodeInspectorProps) {
  const text = useText();
  const facts = useNode(canvas, id);
  if (facts === null) return gone;
  const { node, inside, holds, to, from } = facts;
  const kind = text(`app.kind.${node.kind}`);
  return (
    <Panel
      {...panel}
      mark={<Icon of={kindIcon(node)} size={18} className="text-ink-2" />}
      title={nameOf(node) || kind}
      subtitle={<p>{text('app.inspector.node.is', { kind: node.kind })}</p>}
    >
      <div className="min-h-0 flex-1 overflow-y-auto border-t border-line px-4 py-3">
        <Own node={node} />
        <Nodes title={text('app.inspector.node.inside')} nodes={inside} />
        <Nodes title={text('app.inspector.node.holds', { count: holds.length })} nodes={holds} />
        <Lines title={text('app.inspector.node.to')} icon={ArrowRight} lines={to} />
        <Lines title={text('app.inspector.node.from')} icon={ArrowLeft} lines={from} />
        {to.length + from.length === 0 && (
          <p className="text-small text-ink-3">{text('app.inspector.node.alone')}</p>
        )}
      </div>
    </Panel>
  );
}

/** What only its kind has: where a file or a link leads, how long a note is. */
function Own({ node }: { readonly node: CanvasNode }) {
  const text = useText();
  const { view, platform } = useClient();
  const folder = useFolder();
  if (node.kind === 'note') {
    const lines = node.text.trim() === '' ? 0 : node.text.split('\n').length;
    return <p className="mb-4 text-small text-ink-2">{text('app.inspector.node.written', { lines })}</p>;
  }
  if (node.kind === 'link') {
    return (
      <div className="mb-4">
        <p className="mb-2 text-small break-all text-ink-2" dir="ltr">
          {node.url}
        </p>
        <Button small icon={ExternalLink} onClick={() => platform.openExternal(node.url)}>
          {text('app.inspector.node.openLink')}
        </Button>
      </div>
    );
  }
  if (node.kind !== 'file' || folder === null) return null;
  const { path, line = null } = node;
  return (
    <div className="mb-4">
      <Button small icon={FileCode} onClick={() => view.openCode({ folder: folder.id, path, line })}>
        {line === null ? text('app.document.open', { path }) : text('app.document.openLine', { path, line })}
      </Button>
    </div>
  );
}

function Nodes({ title, nodes }: { readonly title: string; readonly nodes: readonly CanvasNode[] }) {
  if (nodes.length === 0) return null;
  return (
    <Section title={title}>
      {nodes.map((node) => (
        <li key={node.id}>
          <NodeLink node={node} icon={kindIcon(node)} />
        </li>
      ))}
    </Section>
  );
}

interface LinesProps {
  readonly title: string;
  readonly icon: LucideIcon;
  readonly lines: readonly Connection[];
}

function Lines({ title, icon, lines }: LinesProps) {
  if (lines.length === 0) return null;
  return (
    <Section title={title}>
      {lines.map(({ edge, label, other }) => (
        <li key={edge}>
          <NodeLink node={other} icon={icon} note={label} />
        </li>
      ))}
    </Section>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="mb-4">
      <h3 className="mb-1 text-meta font-medium text-ink-3">{title}</h3>
      <ul aria-label={title}>{children}</ul>
    </section>
  );
}

interface NodeLinkProps {
  readonly node: CanvasNode;
  readonly icon: LucideIcon;
  readonly note?: string | null;
}

/** A node by its name; it is brought into view and selected. */
function NodeLink({ node, icon, note = null }: NodeLinkProps) {
  const text = useText();
  const row = useRunRow(node.kind === 'run' ? node.run : null);
  const name = row?.goal ?? (nameOf(node) || text(`app.kind.${node.kind}`));
  return (
    <button
      type="button"
      onClick={() => revealNode(node.id)}
      className="flex min-h-row w-full min-w-0 items-center gap-2 rounded-control px-1.5 py-0.5 text-start transition-colors hover:bg-hover"
    >
      <Icon of={icon} size={14} className="text-ink-3" />
      <span className="cut flex-1">{name}</span>
      {note !== null && <span className="cut max-w-[50%] flex-none text-small text-ink-3">{note}</span>}
      <span className="flex-none text-small text-ink-3">{text(`app.kind.${node.kind}`)}</span>
    </button>
  );
}
