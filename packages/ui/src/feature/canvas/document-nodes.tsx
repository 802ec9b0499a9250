import type { CanvasNode } from '@soma/schemas/canvas';
import type { NodeProps } from '@xyflow/react';
import { FileCode, FileText, Frame, Link, type LucideIcon, StickyNote } from 'lucide-react';
import { useText } from '../../client/index.ts';
import {
  ArtifactFace,
  artifactIcon,
  FileFace,
  GroupFace,
  hostOf,
  LinkFace,
  NoteFace,
  noteName,
  paperOf,
} from '../document/index.ts';
import { useBoard, useBoardState } from './board-context.tsx';
import { FarFace, FarFrame } from './far-face.tsx';
import type { DocumentFlow } from './flow.ts';
import { MidCard } from './mid-face.tsx';
import { NodeShell } from './node-shell.tsx';

const ICONS: Readonly<Partial<Record<CanvasNode['kind'], LucideIcon>>> = {
  note: StickyNote,
  file: FileCode,
  link: Link,
  group: Frame,
};
const SMALLEST = { minWidth: 96, minHeight: 56 };

/** What a node is called; empty for a note without a word. */
export function nameOf(node: CanvasNode): string {
  switch (node.kind) {
    case 'note':
      return noteName(node);
    case 'file':
      return node.path;
    case 'link':
      return hostOf(node.url);
    case 'group':
      return node.label ?? '';
    case 'run':
      return node.caption?.title ?? '';
    case 'task':
      return node.task;
    case 'artifact':
      return node.title;
    default:
      return node satisfies never;
  }
}

/** A note, file, link, group or artifact of the document. */
export function DocumentNode({ id, data: { node }, selected }: NodeProps<DocumentFlow>) {
  const text = useText();
  const level = useBoardState((state) => state.level);
  const name = nameOf(node) || text(`app.kind.${node.kind}`);
  const icon = (node.kind === 'artifact' ? artifactIcon(node.icon) : ICONS[node.kind]) ?? FileText;
  const paper = node.kind === 'note' ? paperOf(node.colour).paper : undefined;
  return (
    <NodeShell id={id} label={name} kind={node.kind} selected={selected} resizable={SMALLEST}>
      {level === 'near' && <NearFace node={node} selected={selected} />}
      {level !== 'near' && node.kind === 'group' && <FarFrame icon={icon} name={name} selected={selected} />}
      {level === 'mid' && node.kind !== 'group' && (
        <MidCard node={node} icon={icon} name={name} selected={selected} />
      )}
      {level === 'far' && node.kind !== 'group' && (
        // Notes come by the thousand, and few of them are large enough for a title.
        <FarFace
          icon={icon}
          paper={paper}
          selected={selected}
          {...(node.kind !== 'note' && { title: name })}
        />
      )}
    </NodeShell>
  );
}

function NearFace({ node, selected }: { readonly node: CanvasNode; readonly selected: boolean }) {
  const { canvas, store } = useBoard();
  const editing = useBoardState((state) => state.editing === node.id);
  const editor = { canvas, selected, editing, onDone: () => store.setState({ editing: null }) };
  switch (node.kind) {
    case 'note':
      return <NoteFace node={node} {...editor} />;
    case 'group':
      return <GroupFace node={node} {...editor} />;
    case 'file':
      return <FileFace node={node} selected={selected} />;
    case 'link':
      return <LinkFace node={node} selected={selected} />;
    case 'artifact':
      return <ArtifactFace node={node} selected={selected} />;
    case 'run':
    case 'task':
      // Drawn by the nodes of runs.
      return null;
    default:
      return node satisfies never;
  }
}
