import type { OpenCanvas } from '@soma/schemas/canvas';
import { noteText } from '@soma/schemas/canvas';
import { useEffect, useRef } from 'react';
import type { YTextEvent } from 'yjs';
import { useText } from '../../client/index.ts';

export interface NoteEditorProps {
  readonly canvas: OpenCanvas;
  readonly node: string;
  readonly onDone: () => void;
}

/**
 * The living text of a note in a field. What is typed goes into the document as the smallest change; what others type at the same
 * time comes in around the cursor. Escape or leaving the field ends it.
 */
export function NoteEditor({ canvas, node, onDone }: NoteEditorProps) {
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const area = field.current;
    const shared = noteText(canvas.doc, node);
    if (area === null || shared === undefined) return;
    area.value = shared.toString();
    area.focus({ preventScroll: true });
    area.setSelectionRange(area.value.length, area.value.length);
    const onShared = (event: YTextEvent) => {
      if (area.value !== shared.toString()) takeIn(area, event, shared.toString());
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
      onChange={(event) =>
        canvas.apply([{ type: 'set-text', id: node, text: event.target.value }], { joined: true })
      }
      onBlur={() => {
        canvas.step();
        onDone();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        event.stopPropagation();
        onDone();
      }}
    />
  );
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
