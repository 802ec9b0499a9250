import type { PlanMatch } from '@soma/schemas/contract';
import type { Folder as OpenedFolder } from '@soma/schemas/workspace';
import {
  ChevronRight,
  Folder,
  FolderPlus,
  FolderSearch,
  Keyboard,
  type LucideIcon,
  Package,
  Replace,
  SquareTerminal,
  Table,
  TextSearch,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useClient, useText, useViewStore, useWorkspace } from '../../client/index.ts';
import { Button, cx, Icon, Keys, PathText, Surface } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { capsOf, isMac } from '../palette/keys.ts';
import { FolderStep } from './folder-step.tsx';
import { GoalField } from './goal-field.tsx';
import { focusGoal, focusSlot } from './goal-focus.ts';
import { useOpenFolder, useOpenPath } from './open-folder.ts';
import { matchWords } from './plan-choice.tsx';
import { SlotFields } from './slot-fields.tsx';
import { Step } from './step.tsx';
import { type Goal, useGoal } from './use-goal.ts';

/** What a person meets first on an empty board: a folder, a goal, and goals that are known to work. */
export function FirstMinute() {
  const text = useText();
  const { loaded } = useWorkspace();
  const goal = useGoal();
  // Until the folders are known, a person would be asked for one that is open already.
  if (!loaded) return null;
  return (
    <section
      aria-labelledby="first-minute"
      className="mx-auto flex w-[680px] max-w-[calc(100%-32px)] flex-col pt-11 pb-5"
    >
      <h1 id="first-minute" className="text-display">
        {text('app.goal.firstMinute.title')}
      </h1>
      <p className="mt-1 text-reading text-ink-2">{text('app.goal.firstMinute.subtitle')}</p>
      <Surface className="mt-5 border-line-2! shadow-2">
        <ol>
          <FolderStep goal={goal} />
          <GoalStep goal={goal} />
        </ol>
      </Surface>
      <GoodGoals goal={goal} />
      <Elsewhere first={goal.folder === null} />
      <RecentFolders current={goal.folder} />
    </section>
  );
}

function GoalStep({ goal }: { readonly goal: Goal }) {
  const text = useText();
  const { pickFolder } = useClient().platform;
  const openFolder = useOpenFolder();
  const ready = goal.folder !== null;
  const start = () => (ready ? void goal.start() : openFolder());
  const words = matchWords(goal, text);
  return (
    <Step number={2} state={ready ? 'current' : 'later'} title={text('app.goal.firstMinute.goal')}>
      <div className="rounded-card border border-line-ctl bg-card transition-shadow focus-within:border-accent focus-within:ring-3 focus-within:ring-accent-bg">
        <GoalField
          key={goal.folder?.id}
          goal={goal}
          autoFocus={ready || pickFolder !== null}
          placeholder={text('app.goal.firstMinute.placeholder')}
          onEnter={start}
          className="w-full px-3 pt-2.5 pb-1"
        />
        <SlotFields goal={goal} className="grid gap-2 px-3 py-1.5" />
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 py-1 ps-3 pe-1.5 pb-1.5">
          <span className="flex min-w-0 flex-1 items-center gap-2 text-small" aria-live="polite">
            {goal.plan !== null && (
              <span className="flex items-center gap-1 text-ink-2">
                <Icon of={Package} size={14} />
                {text('app.goal.plan', { plan: goal.plan.name })}
              </span>
            )}
            {words !== null && <span className="cut text-ink-3">{words}</span>}
          </span>
          <Button
            kind="primary"
            keys={[text('app.goal.enter')]}
            onClick={start}
            {...(goal.text.trim() === '' && { reason: text('app.goal.nothingTyped') })}
            {...(!ready && { reason: text('app.goal.noFolder') })}
          >
            {text('app.goal.start')}
          </Button>
        </div>
      </div>
      {goal.refused !== null && <FaultCard fault={goal.refused} live folder={goal.folder?.id} />}
    </Step>
  );
}

/** The plans that come with the product, told apart at a glance; a plan of a person's own has the icon of all plans. */
const ICONS: Readonly<Record<string, LucideIcon>> = {
  'explain-folder': FolderSearch,
  'find-in-folder': TextSearch,
  'change-text': Replace,
  'summarise-table': Table,
  'run-checks': SquareTerminal,
};

/** The slot of a plan that is about what is typed: the goal's own words are its value. */
const QUESTION = 'question';

function needsWords({ slots }: PlanMatch): boolean {
  return slots.some(({ name, required }) => required || name === QUESTION);
}

/** Goals that are known to work here without a model. One that needs a value fills the field and asks for it. */
function GoodGoals({ goal }: { readonly goal: Goal }) {
  const text = useText();
  const view = useViewStore();
  // What can start at once comes first.
  const ready = goal.plans
    .filter(({ needsModel }) => !needsModel)
    .sort((a, b) => Number(needsWords(a)) - Number(needsWords(b)));
  if (ready.length === 0) return null;
  const take = ({ name, title, slots }: PlanMatch) => {
    const asked = slots.find(({ required }) => required);
    if (slots.some((slot) => slot.name === QUESTION)) {
      view.setDraft({ text: '', plan: name, slots: {} });
      return focusGoal();
    }
    if (asked !== undefined) {
      view.setDraft({ text: title, plan: name, slots: {} });
      return focusSlot(asked.name);
    }
    if (goal.folder !== null) return void goal.start({ text: title, plan: name });
    goal.setText(title);
  };
  return (
    <>
      <header className="mt-5 flex items-baseline text-small">
        <h2 className="flex-1 font-medium text-ink-2">
          {text(
            goal.folder === null ? 'app.goal.firstMinute.goodGoalsAny' : 'app.goal.firstMinute.goodGoals',
          )}
        </h2>
        <span className="text-ink-3">{text('app.goal.firstMinute.noModelNeeded')}</span>
      </header>
      <Surface className="mt-2">
        {ready.map((plan) => (
          <BigRow
            key={plan.name}
            icon={ICONS[plan.name] ?? Package}
            title={plan.title}
            onClick={() => take(plan)}
          >
            {plan.description}
          </BigRow>
        ))}
      </Surface>
    </>
  );
}

/** Folders that were open before, the last one first. */
function RecentFolders({ current }: { readonly current: OpenedFolder | null }) {
  const text = useText();
  const openPath = useOpenPath();
  const { folders } = useWorkspace();
  const recent = folders.filter(({ id }) => id !== current?.id).reverse();
  if (recent.length === 0) return null;
  return (
    <>
      <h2 className="mt-6.5 text-small font-medium text-ink-2">{text('app.goal.firstMinute.recent')}</h2>
      <Surface className="mt-2">
        {recent.slice(0, 4).map(({ id, path, name }) => (
          <BigRow key={id} icon={Folder} title={name} onClick={() => void openPath(path)}>
            <PathText path={path} className="text-meta!" />
          </BigRow>
        ))}
      </Surface>
    </>
  );
}

interface BigRowProps {
  readonly icon: typeof Folder;
  readonly title: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function BigRow({ icon, title, onClick, children }: BigRowProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={cx(
        'flex min-h-13 w-full min-w-0 items-center gap-3 border-t border-line px-3.5 py-1.5 text-start first:border-t-0',
        'transition-colors -outline-offset-2 hover:bg-hover',
      )}
    >
      <Icon of={icon} size={18} className="text-ink-2" />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="cut font-medium">{title}</span>
        <span className="text-small text-ink-3">{children}</span>
      </span>
      <Icon of={ChevronRight} size={14} className="text-ink-3" />
    </button>
  );
}

/** What else can be done from here, with its keys. */
function Elsewhere({ first }: { readonly first: boolean }) {
  const text = useText();
  const view = useViewStore();
  const openFolder = useOpenFolder();
  const mac = isMac(navigator);
  const item =
    'inline-flex min-h-6 items-center gap-1.5 rounded-control text-small text-ink-2 hover:text-ink';
  return (
    <div className="mt-4 flex flex-wrap items-center justify-center gap-x-4 gap-y-1">
      <button type="button" onClick={openFolder} className={item}>
        <Icon of={FolderPlus} size={14} className="text-ink-3" />
        {text(first ? 'app.goal.openFolder.title' : 'app.goal.firstMinute.another')}
        <Keys keys={capsOf('Mod+O', mac)} />
      </button>
      <span className="h-4 w-px bg-line-2" />
      <button type="button" onClick={() => view.setOverlay('shortcuts')} className={item}>
        <Icon of={Keyboard} size={14} className="text-ink-3" />
        {text('app.goal.firstMinute.shortcuts')}
        <Keys keys={['?']} />
      </button>
    </div>
  );
}
