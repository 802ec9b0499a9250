import { type ComponentProps, Fragment, type ReactNode } from 'react';
import { cx } from './cx.ts';

/** One line of a file, or of a difference between two. */
export interface CodeLine {
  /** Number of the line in the file as it is (or was, for a removed line). Missing in a hunk's head. */
  readonly line?: number;
  /** Number of the line in the file as it would be, in a difference. */
  readonly newLine?: number;
  readonly text: string;
  readonly kind?: 'same' | 'added' | 'removed' | 'cited' | 'head';
  /** Words that differ: start and end, in characters of `text`. */
  readonly marks?: readonly (readonly [number, number])[];
}

const GROUNDS = {
  same: '',
  added: 'bg-add-bg',
  removed: 'bg-del-bg',
  cited: 'bg-accent-bg',
  head: 'bg-hover text-ink-3',
} as const;
const SIGNS = { same: ' ', added: '+', removed: '-', cited: ' ', head: ' ' } as const;

function marked({ text, kind, marks = [] }: CodeLine): ReactNode {
  const word = kind === 'added' ? 'bg-add-word' : 'bg-del-word';
  const parts: ReactNode[] = [];
  let from = 0;
  for (const [start, end] of marks) {
    parts.push(
      <Fragment key={start}>
        {text.slice(from, start)}
        <em className={cx('rounded-[2px] not-italic', word)}>{text.slice(start, end)}</em>
      </Fragment>,
    );
    from = end;
  }
  return [...parts, text.slice(from)];
}

export interface CodeLinesProps extends Pick<ComponentProps<'section'>, 'ref' | 'onScroll'> {
  readonly lines: readonly CodeLine[];
  /** What is shown: "queue.js, lines 5 to 7". */
  readonly label: string;
  /** Two columns of numbers and signs. */
  readonly difference?: boolean;
  /** 11 px on lines of 17, for a card on the board. */
  readonly small?: boolean;
  /** How many lines of 20 px stand above and below those given, and are not drawn because they are out of sight. */
  readonly undrawn?: { readonly above: number; readonly below: number };
  readonly className?: string;
}

/** Lines of a file with their numbers, the cited one tinted; or a unified difference with word marks. */
export function CodeLines(props: CodeLinesProps) {
  const { lines, label, difference = false, small = false, undrawn, className, ...rest } = props;
  const number = cx(
    'flex-none select-none pe-2.5 text-end text-meta text-ink-3',
    small ? 'w-[1.625rem]' : 'w-[2.375rem]',
  );
  return (
    <section
      {...rest}
      aria-label={label}
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className={cx(
        'mono min-w-0 overflow-x-auto rounded-control border border-line bg-sunken',
        small ? 'text-meta leading-quote [scrollbar-width:none]' : 'text-small leading-body',
        className,
      )}
    >
      <div
        className="w-max min-w-full"
        style={
          undrawn && {
            paddingBlockStart: `${undrawn.above * 1.25}rem`,
            paddingBlockEnd: `${undrawn.below * 1.25}rem`,
          }
        }
      >
        {lines.map((line, index) => {
          const kind = line.kind ?? 'same';
          return (
            <div
              key={`${line.line ?? ''}/${line.newLine ?? ''}/${kind === 'head' ? index : kind}`}
              className={cx('flex pe-2.5 whitespace-pre', GROUNDS[kind])}
            >
              <span className={cx(number, small ? 'leading-quote' : 'leading-body')}>{line.line}</span>
              {difference && <span className={cx(number, 'leading-body')}>{line.newLine}</span>}
              {difference && <span className="w-[0.875rem] flex-none">{SIGNS[kind]}</span>}
              <span>{marked(line)}</span>
            </div>
          );
        })}
      </div>
    </section>
  );
}
