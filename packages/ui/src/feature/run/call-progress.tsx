import { useEffect, useRef } from 'react';
import { type RunDeltas, useClient, useNoteText } from '../../client/index.ts';

export interface CallProgressProps {
  readonly deltas: RunDeltas;
  /** The call under way; null for none. */
  readonly call: string | null;
  /** "9 of 22" instead of the whole sentence. */
  readonly short?: boolean;
  /** Stands before the words, such as an arrow. */
  readonly before?: string;
}

/** How far a call is. It is written straight to the page: progress never passes through React state. */
export function CallProgress({ deltas, call, short = false, before = '' }: CallProgressProps) {
  const { translator } = useClient();
  const noteText = useNoteText();
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const write = () => {
      const progress = call === null ? undefined : deltas.latest(call)?.progress;
      if (place.current === null) return;
      if (progress === undefined) {
        place.current.textContent = '';
        return;
      }
      const { done, total, note } = progress;
      const words =
        short && total !== null ? translator.t('app.run.progress', { done, total }) : noteText(note);
      place.current.textContent = `${before}${words}`;
    };
    write();
    if (call === null) return;
    return deltas.subscribe((calls) => {
      if (calls.has(call)) write();
    });
  }, [deltas, call, short, before, translator, noteText]);
  return <span ref={place} />;
}
