import type { CanvasNode } from '@soma/schemas/canvas';
import type { NodeProps } from '@xyflow/react';
import { useText } from '../../client/index.ts';
import {
  ArtifactFace,
  FileFace,
  GroupFace,
  kindIcon,
  LinkFace,
  NoteFace,
  nameOf,
  paperOf,
} from '../document/index.ts';
import { useBoard, useBoardState } from './board-context.tsx';
import { FarFace, FarFrame } from './far-face.tsx';
import type { DocumentFlow } from './flow.ts';
import { MidCard } from './mid-face.tsx';
import { NodeShell } from './node-shell.tsx';

const SMALLEST = { minWidth: 96, minHeight: 56 };

/** A note, file, link, group or artifact of the document. */
export function DocumentNode({ id, data: { node }, selected }: NodeProps<DocumentFlow>) {
  const text = useText();
  const level = useBoardState((state) => state.level);
  const name = nameOf(node) || text(`app.kind.${node.kind}`);
  const icon = kindIcon(node);
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
