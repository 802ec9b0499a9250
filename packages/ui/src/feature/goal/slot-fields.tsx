import { Field, Input } from '../../design/index.ts';
import { SLOT_FIELD } from './goal-focus.ts';
import type { Goal } from './use-goal.ts';

/** The values that the plan needs before it can start, one field each. */
export function SlotFields({ goal, className }: { readonly goal: Goal; readonly className?: string }) {
  if (goal.asked.length === 0) return null;
  return (
    <div className={className}>
      {goal.asked.map(({ name, title }) => (
        <Field key={name} label={title}>
          {(binding) => (
            <Input
              {...binding}
              {...{ [SLOT_FIELD]: name }}
              value={goal.slots[name] ?? ''}
              onChange={(event) => goal.setSlot(name, event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') void goal.start();
              }}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
