import { ArrowUp, Folder } from 'lucide-react';
import { useRunRow, useText, useView } from '../../client/index.ts';
import { cx, Icon, IconButton, Keys } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { GoalField } from './goal-field.tsx';
import { useOpenFolder } from './open-folder.ts';
import { matchWords, PlanChoice } from './plan-choice.tsx';
import { SlotFields } from './slot-fields.tsx';
import { type Goal, useGoal } from './use-goal.ts';

/** The goal box at the bottom of the board: one line while a run works and nothing is typed, two rows otherwise. */
export function GoalBox({ className }: { readonly className?: string }) {
  const goal = useGoal();
  const shown = useRunRow(useView(({ run }) => run));
  const working = shown?.phase === 'running' || shown?.phase === 'planning' || shown?.phase === 'waiting';
  const text = useText();
  const openFolder = useOpenFolder();
  const start = () => {
    if (goal.text.trim() === '') return;
    if (goal.folder === null) return openFolder();
    void goal.start();
  };
  return (
    <section
      aria-label={text('app.goal.box')}
      className={cx('@container flex w-[588px] max-w-full flex-col gap-2', className)}
    >
      {goal.refused !== null && (
        <div className="overflow-hidden rounded-card border border-line-2 bg-raised shadow-2">
          <FaultCard fault={goal.refused} live folder={goal.folder?.id} />
        </div>
      )}
      <div
        className={cx(
          'rounded-float border bg-raised transition-shadow focus-within:border-line-ctl focus-within:shadow-3',
          working ? 'border-line-2 shadow-2' : 'border-line-ctl shadow-3',
        )}
      >
        {working ? <OneLine goal={goal} onSend={start} /> : <TwoRows goal={goal} onSend={start} />}
      </div>
    </section>
  );
}

interface BoxProps {
  readonly goal: Goal;
  readonly onSend: () => void;
}

function Send({ goal, onSend }: BoxProps) {
  const text = useText();
  return (
    <IconButton
      icon={ArrowUp}
      label={text('app.goal.start')}
      keys={[text('app.goal.enter')]}
      kind="held"
      tipSide="top"
      disabled={goal.text.trim() === '' || goal.starting}
      onClick={onSend}
    />
  );
}

/** 44 high: the goal alone. While something is typed, the match stands beside it. */
function OneLine({ goal, onSend }: BoxProps) {
  const text = useText();
  const typed = goal.text !== '';
  return (
    <>
      <SlotFields goal={goal} className="grid gap-2 px-3.5 pt-2" />
      <div className="flex min-h-[42px] items-center gap-2 ps-3.5 pe-1.5">
        <GoalField
          goal={goal}
          single
          placeholder={text('app.goal.another')}
          onEnter={onSend}
          className="flex-1"
        />
        {typed ? <PlanChoice goal={goal} /> : <Keys keys={['/']} />}
        <Send goal={goal} onSend={onSend} />
      </div>
    </>
  );
}

function TwoRows({ goal, onSend }: BoxProps) {
  const text = useText();
  const openFolder = useOpenFolder();
  const { folder } = goal;
  const words = matchWords(goal, text);
  const placeholder =
    folder === null
      ? text('app.goal.placeholderBare')
      : text('app.goal.placeholder', { folder: folder.name });
  return (
    <>
      <GoalField
        goal={goal}
        placeholder={placeholder}
        onEnter={onSend}
        className="w-full px-3.5 pt-[11px] pb-[5px]"
      />
      <SlotFields goal={goal} className="grid gap-2 px-3.5 py-1" />
      <div className="flex min-w-0 items-center gap-0.5 pt-0.5 ps-2 pe-1.5 pb-1.5">
        <button
          type="button"
          onClick={openFolder}
          className="inline-flex min-h-6.5 min-w-0 items-center gap-[5px] rounded-control px-[7px] text-small text-ink-2 transition-colors hover:bg-hover hover:text-ink"
        >
          <Icon of={Folder} size={14} />
          <span className="cut">{folder?.name ?? text('app.goal.firstMinute.choose')}</span>
        </button>
        <PlanChoice goal={goal} />
        <span className="cut flex-1 ps-1 text-small text-ink-3" aria-live="polite">
          {words}
        </span>
        <span className="hidden flex-none pe-1 text-meta text-ink-3 @min-[380px]:inline">
          {text('app.goal.enterToStart')}
        </span>
        <Send goal={goal} onSend={onSend} />
      </div>
    </>
  );
}
