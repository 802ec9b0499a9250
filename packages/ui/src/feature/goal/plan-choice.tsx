import { ChevronDown, Package } from 'lucide-react';
import { useText } from '../../client/index.ts';
import { Icon, Menu, type MenuItem } from '../../design/index.ts';
import type { Goal } from './use-goal.ts';

/** What the match is worth, said beside the plan's name; empty while nothing is typed. */
export function matchWords(goal: Goal, text: ReturnType<typeof useText>): string | null {
  const { plan, chosen, plans } = goal;
  if (plan === null) {
    if (goal.text.trim() === '' || plans.length === 0) return null;
    const near = plans.filter((match) => match.near).map(({ title }) => title);
    const [only, ...others] = near;
    if (only === undefined) return text('app.goal.noMatch');
    return others.length === 0
      ? text('app.goal.nearOne', { plan: only })
      : text('app.goal.nearTwo', { plans: near.slice(0, 3).join(text('app.sign.comma')) });
  }
  if (chosen === null && plan.by === 'model') return text('app.goal.bestByModel');
  const best = plan.by === 'meaning' ? 'app.goal.bestByMeaning' : 'app.goal.bestOf';
  const how = chosen === null ? text(best, { plans: plans.length }) : text('app.goal.chosen');
  return text(plan.needsModel ? 'app.goal.matchWithModel' : 'app.goal.match', { how });
}

/** The plan that will be followed, and the menu to choose another. */
export function PlanChoice({ goal }: { readonly goal: Goal }) {
  const text = useText();
  const { plan, plans, chosen, choose } = goal;
  const face = plan === null ? text('app.goal.planAutomatic') : text('app.goal.plan', { plan: plan.name });
  if (plans.length === 0) {
    return (
      <span className="inline-flex min-h-6.5 items-center gap-[5px] px-[7px] text-small text-ink-2">
        <Icon of={Package} size={14} />
        {face}
      </span>
    );
  }
  const automatic: MenuItem = {
    id: '',
    label: text('app.goal.automatic'),
    checked: chosen === null,
    onSelect: () => choose(null),
  };
  const named = plans.map(
    ({ name, title, own }): MenuItem => ({
      id: name,
      label: title,
      detail: own ? text('app.goal.own', { plan: name }) : name,
      checked: chosen?.name === name,
      onSelect: () => choose(name),
    }),
  );
  return (
    <Menu label={text('app.goal.planMenu')} align="start" items={[automatic, ...named]}>
      <button
        type="button"
        className="inline-flex min-h-6.5 min-w-0 items-center gap-[5px] rounded-control px-[7px] text-small text-ink-2 transition-colors hover:bg-hover hover:text-ink"
      >
        <Icon of={Package} size={14} />
        <span className="cut">{face}</span>
        <Icon of={ChevronDown} size={12} className="text-ink-3" />
      </button>
    </Menu>
  );
}
