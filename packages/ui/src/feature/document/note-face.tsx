import type { NodeOf, OpenCanvas } from '@soma/schemas/canvas';
import { useText } from '../../client/index.ts';
import { NoteCard, type Paper } from '../../design/index.ts';
import { Markdown } from './markdown.tsx';
import { NoteEditor } from './note-editor.tsx';

export interface NoteFaceProps {
  readonly canvas: OpenCanvas;
  readonly node: NodeOf<'note'>;
  readonly selected: boolean;
  readonly editing: boolean;
  readonly onDone: () => void;
}

/** A note without a colour is on yellow paper; JSON Canvas yellow, cyan and purple are the three papers. */
const PAPERS: Readonly<Record<string, Paper>> = { '3': 'yellow', '5': 'blue', '6': 'pink' };

/** The paper of a note, or the foreign colour that is mixed into the card instead. */
export function paperOf(colour: string | undefined): { readonly paper?: Paper; readonly color?: string } {
  if (colour === undefined) return { paper: 'yellow' };
  const paper = PAPERS[colour];
  return paper === undefined ? { color: colour } : { paper };
}

/** A note: Markdown on paper; the text itself while it is edited. */
export function NoteFace({ canvas, node, selected, editing, onDone }: NoteFaceProps) {
  const text = useText();
  return (
    <NoteCard {...paperOf(node.colour)} selected={selected} className="h-full [&>div]:h-full">
      {editing ? (
        <NoteEditor canvas={canvas} node={node.id} onDone={onDone} />
      ) : node.text.trim() === '' ? (
        <p className="text-ink-3">{text('app.document.empty')}</p>
      ) : (
        <Markdown text={node.text} breaks className="markdown" />
      )}
    </NoteCard>
  );
}

/** The first line of a note, without its marks: its name. */
export function noteName(node: NodeOf<'note'>): string {
  const line = node.text.split('\n').find((each) => each.trim() !== '') ?? '';
  return line.replace(/^[#>\-*\s]+/, '').slice(0, 80);
}
