import type { CanvasNode } from '@soma/schemas/canvas';
import { FileCode, Frame, Link, ListTodo, type LucideIcon, Play, StickyNote } from 'lucide-react';
import { artifactIcon } from './artifact-icon.tsx';
import { noteName } from './note-face.tsx';
import { hostOf } from './simple-faces.tsx';

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

const ICONS: Readonly<Record<Exclude<CanvasNode['kind'], 'artifact'>, LucideIcon>> = {
  note: StickyNote,
  file: FileCode,
  link: Link,
  group: Frame,
  run: Play,
  task: ListTodo,
};

/** The icon of what a node is. */
export function kindIcon(node: CanvasNode): LucideIcon {
  return node.kind === 'artifact' ? artifactIcon(node.icon) : ICONS[node.kind];
}
