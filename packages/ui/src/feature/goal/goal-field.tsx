import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { useText } from '../../client/index.ts';
import { cx } from '../../design/index.ts';
import { GOAL_FIELD } from './goal-focus.ts';
import type { Goal } from './use-goal.ts';

export interface GoalFieldProps {
  readonly goal: Goal;
  readonly placeholder: string;
  readonly autoFocus?: boolean;
  /** One line that does not grow. */
  readonly single?: boolean;
  readonly onEnter: () => void;
  readonly className?: string;
}

/** Where a goal is typed: Enter starts it, Shift Enter begins a new line. */
export function GoalField({ goal, placeholder, autoFocus, single, onEnter, className }: GoalFieldProps) {
  const text = useText();
  const field = useKeptFocus();
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onEnter();
  };
  return (
    <textarea
      {...{ [GOAL_FIELD]: '' }}
      ref={field}
      rows={1}
      // biome-ignore lint/a11y/noAutofocus: the first minute begins with the goal.
      autoFocus={autoFocus}
      aria-label={text('app.goal.field')}
      placeholder={placeholder}
      value={goal.text}
      onChange={(event) => goal.setText(event.target.value)}
      onKeyDown={onKeyDown}
      className={cx(
        'block min-w-0 resize-none bg-transparent text-reading caret-ink outline-none',
        single === true ? 'h-[22px] overflow-hidden' : 'field-sizing-content max-h-[9.625rem]',
        className,
      )}
    />
  );
}

/** Where the cursor stood in a field that was just taken away; there is one field in the window at a time. */
let left: { readonly start: number; readonly end: number } | null = null;

/** The box has another field while a run works. Whoever types in one goes on typing in the other. */
function useKeptFocus() {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const here = field.current;
    if (left !== null && document.activeElement === document.body) {
      here?.focus({ preventScroll: true });
      here?.setSelectionRange(left.start, left.end);
    }
    left = null;
    return () => {
      if (here === null || document.activeElement !== here) return;
      left = { start: here.selectionStart, end: here.selectionEnd };
      // Nothing takes its place: then the cursor is not kept for a field that opens later.
      queueMicrotask(() => {
        left = null;
      });
    };
  }, []);
  return field;
}
