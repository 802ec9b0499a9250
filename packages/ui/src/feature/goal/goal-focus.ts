/** Marks the field that a goal is typed into; there is one in the window at a time. */
export const GOAL_FIELD = 'data-goal-field';

/** Puts the cursor into the goal field. */
export function focusGoal(): void {
  document.querySelector<HTMLElement>(`[${GOAL_FIELD}]`)?.focus();
}

/** Marks the field of one value that a plan needs, by its name. */
export const SLOT_FIELD = 'data-slot-field';

/** Puts the cursor into the field of a value, once it is there. */
export function focusSlot(name: string): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`[${SLOT_FIELD}="${CSS.escape(name)}"]`)?.focus();
  });
}
