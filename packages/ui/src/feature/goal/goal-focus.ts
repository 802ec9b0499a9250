/** Marks the field that a goal is typed into; there is one in the window at a time. */
export const GOAL_FIELD = 'data-goal-field';

/** Puts the cursor into the goal field. */
export function focusGoal(): void {
  document.querySelector<HTMLElement>(`[${GOAL_FIELD}]`)?.focus();
}
