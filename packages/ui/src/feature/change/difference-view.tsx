import { type UIEvent, useMemo, useState } from 'react';
import { useText } from '../../client/index.ts';
import { CodeLines, cx } from '../../design/index.ts';
import { codeLineOf, type DifferenceRow } from './difference.ts';

/** Rows drawn at once: what is in sight, and as many again around it. */
const DRAWN = 120;
/** Up to so many rows are drawn whole. */
const WHOLE = 300;
/** Height of a row, in root ems. */
const ROW_REM = 1.25;

export interface DifferenceViewProps {
  readonly rows: readonly DifferenceRow[];
  /** What is shown: "queue.js, before and after". */
  readonly label: string;
  /** Whether a line at the margin names what the lines below it are in, as in code and not in prose. */
  readonly named: boolean;
  readonly className?: string;
}

/** A unified difference. Of thousands of rows only those in sight are drawn. */
export function DifferenceView({ rows, label, named, className }: DifferenceViewProps) {
  const text = useText();
  const [top, setTop] = useState(0);
  const whole = rows.length <= WHOLE;
  const from = whole ? 0 : Math.max(0, Math.min(rows.length - DRAWN, top - DRAWN / 3));
  const to = whole ? rows.length : Math.min(rows.length, from + DRAWN);
  const lines = useMemo(
    () =>
      rows.slice(from, to).map((row) =>
        codeLineOf(row, ({ from: first, to: last, within }) => {
          const at = { from: first, to: last, within: within ?? '' };
          if (named && within !== null) return text('app.change.hunkWithin', at);
          return text(first === 1 ? 'app.change.hunkTop' : 'app.change.hunk', at);
        }),
      ),
    [rows, from, to, named, text],
  );
  const onScroll = (event: UIEvent<HTMLElement>) => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const first = Math.floor(event.currentTarget.scrollTop / (ROW_REM * rem));
    // A step at a time, so that scrolling within what is drawn draws nothing anew.
    setTop(first - (first % (DRAWN / 6)));
  };
  return (
    <CodeLines
      difference
      lines={lines}
      label={label}
      undrawn={whole ? undefined : { above: from, below: rows.length - to }}
      onScroll={whole ? undefined : onScroll}
      className={cx('overflow-y-auto rounded-none! border-0! -outline-offset-2', className)}
    />
  );
}
