import { type KeyboardEvent, useState } from 'react';
import { useText, useView, useViewStore } from '../../client/index.ts';
import { Count, Keys, Segmented } from '../../design/index.ts';
import { NothingWaits } from '../fault/absence.tsx';
import { useAnswer, useQuestionKeys } from './answer.ts';
import { ApprovalDetail } from './approval-detail.tsx';
import { ApprovalList, EmptyList } from './approval-list.tsx';
import { type Question, useQuestions } from './question.ts';
import { useScope } from './scope-chooser.tsx';

/** Decided questions that stand below those that wait. */
const RECENT = 5;

/** The one inbox of all runs: what waits and what was decided, and one question whole. */
export function ApprovalsPage() {
  const text = useText();
  const view = useViewStore();
  const { waiting, decided } = useQuestions({ decided: true });
  const chosen = useView(({ approval }) => approval);
  const [tab, setTab] = useState<'waiting' | 'decided'>('waiting');
  const listed =
    tab === 'waiting' ? { waiting, decided: decided.slice(0, RECENT) } : { waiting: [], decided };
  const rows = [...listed.waiting, ...listed.decided];
  const [answered, setAnswered] = useState<string | null>(null);
  const kept = rows.find(({ approval }) => approval.id === chosen) ?? rows[0] ?? null;
  // A question that was just answered gives way to the next that waits.
  const gone = kept !== null && kept.approval.answer !== null && kept.approval.id === answered;
  const open = gone ? (rows[0] ?? null) : kept;
  const show = (id: string) => {
    setAnswered(null);
    view.openApproval(id);
  };
  const step = (by: number) => {
    const at = open === null ? 0 : rows.indexOf(open);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next !== undefined) show(next.approval.id);
  };
  if (waiting.length + decided.length === 0) return <NothingWaits />;
  const count = { waiting: waiting.length, decided: decided.length };
  return (
    <Keyed open={open} onStep={step} onAnswered={setAnswered}>
      {(detail) => (
        <>
          <div className="flex w-[304px] max-w-[40%] flex-none flex-col border-e border-line bg-app">
            <ListHead tab={tab} onTab={setTab} count={count} />
            {rows.length === 0 && (
              <EmptyList>
                {text(tab === 'waiting' ? 'app.approval.inbox.nothingWaits' : 'app.approval.inbox.none')}
              </EmptyList>
            )}
            {rows.length > 0 && <ApprovalList {...listed} open={open?.approval.id ?? null} onOpen={show} />}
            <ListKeys />
          </div>
          {detail}
        </>
      )}
    </Keyed>
  );
}

interface ListHeadProps {
  readonly tab: 'waiting' | 'decided';
  readonly onTab: (tab: 'waiting' | 'decided') => void;
  readonly count: Readonly<Record<'waiting' | 'decided', number>>;
}

function ListHead({ tab, onTab, count }: ListHeadProps) {
  const text = useText();
  return (
    <header className="flex flex-none flex-col items-start gap-2.5 border-b border-line px-3.5 pt-3.5 pb-2.5">
      <h1 className="flex items-center gap-2 text-title">
        {text('app.shell.page.approvals')}
        {count.waiting > 0 && (
          <Count label={text('app.shell.approvalsWaiting', { waiting: count.waiting })}>
            {count.waiting}
          </Count>
        )}
      </h1>
      <Segmented
        label={text('app.approval.inbox.which')}
        value={tab}
        onValueChange={onTab}
        items={(['waiting', 'decided'] as const).map((id) => ({
          id,
          label: text(`app.approval.inbox.${id}`, { count: count[id] }),
        }))}
      />
    </header>
  );
}

interface KeyedProps {
  readonly open: Question | null;
  readonly onStep: (by: number) => void;
  readonly onAnswered: (approval: string) => void;
  readonly children: (detail: React.ReactNode) => React.ReactNode;
}

/** The page and its keys: J and K move, Space opens the next file, A and R answer what is open. */
function Keyed({ open, onStep, onAnswered, children }: KeyedProps) {
  if (open === null)
    return <section className="absolute inset-0 flex min-w-0 bg-card">{children(null)}</section>;
  return (
    <KeyedQuestion open={open} onStep={onStep} onAnswered={onAnswered}>
      {children}
    </KeyedQuestion>
  );
}

function KeyedQuestion({ open, onStep, onAnswered, children }: KeyedProps & { readonly open: Question }) {
  const text = useText();
  const scope = useScope(open.approval.id);
  const given = useAnswer(open.state.id, open.approval);
  const answering = {
    ...given,
    approve: (reach: typeof scope.reach) => {
      onAnswered(open.approval.id);
      given.approve(reach);
    },
    reject: () => {
      onAnswered(open.approval.id);
      given.reject();
    },
  };
  const asks = open.approval.answer === null && open.state.status.name !== 'ended';
  const keys = useQuestionKeys(open.approval.id, {
    answers: asks ? { a: () => answering.approve(scope.reach), r: answering.reject } : {},
    moves: {
      j: () => onStep(1),
      k: () => onStep(-1),
      arrowdown: () => onStep(1),
      arrowup: () => onStep(-1),
    },
  });
  return (
    <section
      aria-label={text('app.shell.page.approvals')}
      className="absolute inset-0 flex min-w-0 bg-card"
      onKeyDown={(event) => (event.key === ' ' ? openNextFile(event) : keys(event))}
    >
      {children(
        <ApprovalDetail key={open.approval.id} question={open} scope={scope} answering={answering} />,
      )}
    </section>
  );
}

/** From the list, Space opens the next file that was not opened yet; anywhere else it is the control's own. */
function openNextFile(event: KeyboardEvent<HTMLElement>): void {
  if (!(event.target instanceof HTMLElement) || event.target.role !== 'listbox') return;
  event.preventDefault();
  const next = event.currentTarget.querySelector<HTMLElement>('section button[aria-expanded="false"]');
  next?.click();
  next?.scrollIntoView({ block: 'nearest' });
}

function ListKeys() {
  const text = useText();
  return (
    <footer className="flex flex-none flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-3.5 py-2.5 text-small text-ink-3">
      <span className="inline-flex items-center gap-1.5">
        <Keys keys={[text('app.approval.key.next'), text('app.approval.key.previous')]} />
        {text('app.approval.inbox.nextPrevious')}
      </span>
      <span className="ms-auto inline-flex items-center gap-1.5">
        <Keys keys={[text('app.approval.key.files')]} />
        {text('app.approval.inbox.openFiles')}
      </span>
    </footer>
  );
}
