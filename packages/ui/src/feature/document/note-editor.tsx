import type { OpenCanvas } from '@soma/schemas/canvas';
import { noteText, readNode } from '@soma/schemas/canvas';
import { useEffect, useRef } from 'react';
import type { YTextEvent } from 'yjs';
import { useText } from '../../client/index.ts';

export interface NoteEditorProps {
  readonly canvas: OpenCanvas;
  readonly node: string;
  readonly onDone: () => void;
}

/** A note grows by whole steps of the grid, in canvas units. */
const GROWTH = 8;

/** What is typed without a longer pause than this is one step of undo, in milliseconds. */
const BURST_MS = 1000;

/**
 * The living text of a note in a field. What is typed goes into the document as the smallest change; what others type at the same
 * time comes in around the cursor. Escape or leaving the field ends it.
 */
export function NoteEditor({ canvas, node, onDone }: NoteEditorProps) {
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const typed = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const area = field.current;
    const shared = noteText(canvas.doc, node);
    if (area === null || shared === undefined) return;
    area.value = shared.toJSON();
    area.focus({ preventScroll: true });
    area.setSelectionRange(area.value.length, area.value.length);
    const onShared = (event: YTextEvent) => {
      if (area.value !== shared.toJSON()) takeIn(area, event, shared.toJSON());
    };
    shared.observe(onShared);
    return () => shared.unobserve(onShared);
  }, [canvas, node]);
  return (
    <textarea
      ref={field}
      aria-label={text('app.document.noteText')}
      placeholder={text('app.document.notePlaceholder')}
      className="nodrag nopan nowheel size-full resize-none bg-transparent text-small outline-none"
      onChange={(event) => {
        const now = performance.now();
        const joined = now - typed.current < BURST_MS;
        typed.current = now;
        canvas.apply([{ type: 'set-text', id: node, text: event.target.value }], { joined });
        grow(canvas, node, event.target);
      }}
      onBlur={() => {
        canvas.step();
        onDone();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        event.stopPropagation();
        // Leaving the field ends the edit; the focus stays with the note.
        event.currentTarget.closest<HTMLElement>('.react-flow__node')?.focus({ preventScroll: true });
      }}
    />
  );
}

/** What is written stays in sight: the note grows with it. */
function grow(canvas: OpenCanvas, id: string, area: HTMLTextAreaElement): void {
  const missing = area.scrollHeight - area.clientHeight;
  const place = missing > 0 ? readNode(canvas.doc, id) : undefined;
  if (place === undefined) return;
  const height = Math.ceil((place.height + missing) / GROWTH) * GROWTH;
  canvas.apply([{ type: 'resize-node', id, width: place.width, height }], { joined: true });
}

/** Puts others' change into the field and keeps the selection at the same letters. */
function takeIn(area: HTMLTextAreaElement, event: YTextEvent, value: string): void {
  const { selectionStart, selectionEnd } = area;
  area.value = value;
  area.setSelectionRange(moved(event, selectionStart), moved(event, selectionEnd));
}

/** Where a place in the text lies after a change. */
function moved(event: YTextEvent, place: number): number {
  let [at, result] = [0, place];
  for (const { retain = 0, insert, delete: removed = 0 } of event.delta) {
    at += retain;
    if (at > result) break;
    if (typeof insert === 'string') {
      result += insert.length;
      at += insert.length;
    } else if (removed > 0) result -= Math.min(removed, result - at);
  }
  return result;
}
