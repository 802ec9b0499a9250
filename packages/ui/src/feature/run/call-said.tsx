import { type RefObject, useEffect, useRef } from 'react';
import { type RunDeltas, useText } from '../../client/index.ts';

/** Characters of an answer under way that a line shows: the last ones, which are the newest. */
const LINE = 160;

export interface CallSaidProps {
  readonly deltas: RunDeltas;
  /** The call under way. */
  readonly call: string;
}

/** Calls `write` with what a model has said so far, at most once a frame, and hides the place until there is something. */
function useSaid(
  { deltas, call }: CallSaidProps,
  place: RefObject<HTMLElement | null>,
  write: (said: string) => void,
): void {
  const last = useRef(write);
  useEffect(() => {
    last.current = write;
  });
  useEffect(() => {
    const tell = () => {
      const said = deltas.said(call);
      if (place.current !== null) place.current.hidden = said === '';
      if (said !== '') last.current(said);
    };
    tell();
    return deltas.subscribe((calls) => {
      if (calls.has(call)) tell();
    });
  }, [deltas, call, place]);
}

/** The newest words of an answer under way, in one line and labelled as the model's. They are written straight to the page. */
export function SaidLine({ deltas, call }: CallSaidProps) {
  const text = useText();
  const place = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLElement>(null);
  useSaid({ deltas, call }, place, (said) => {
    const tail = said.slice(-LINE).replace(/\s+/g, ' ');
    if (words.current !== null) words.current.textContent = said.length > LINE ? `\u2026${tail}` : tail;
  });
  return (
    <span ref={place} data-said hidden>
      <span className="text-ink-3">{text('app.stream.said')}</span> <bdi ref={words} />
    </span>
  );
}

/**
 * All that a model has said so far, labelled as its words. What comes is added to the one text that stands there; it stays at the end
 * unless a person scrolled away from it.
 */
export function SaidText({ deltas, call }: CallSaidProps) {
  const text = useText();
  const place = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLElement>(null);
  useSaid({ deltas, call }, place, (said) => {
    const box = words.current;
    if (box === null) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
    const node = box.firstChild;
    if (node instanceof Text && said.startsWith(node.data)) node.appendData(said.slice(node.length));
    else box.replaceChildren(said);
    if (isAtEnd) box.scrollTop = box.scrollHeight;
  });
  return (
    <div ref={place} hidden className="border-t border-line">
      <p className="px-2.5 pt-1.5 text-meta text-ink-3">{text('app.inspector.said')}</p>
      <section
        ref={words}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
        tabIndex={0}
        aria-label={text('app.inspector.said')}
        className="max-h-56 overflow-y-auto px-2.5 py-1.5 text-small break-words whitespace-pre-wrap"
      />
    </div>
  );
}
