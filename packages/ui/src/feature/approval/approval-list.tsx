import { Ban, Check, Inbox } from 'lucide-react';
import { type MouseEvent, useEffect, useRef } from 'react';
import { useFormats, useText } from '../../client/index.ts';
import { cx, Icon, StateIcon } from '../../design/index.ts';
import { LiveTime } from '../run/live-time.tsx';
import type { Marks } from './marks.ts';
import { type Question, usePreview, useQuestionWords } from './question.ts';
import { useReachWord } from './reach.tsx';

export interface ApprovalListProps {
  readonly waiting: readonly Question[];
  readonly decided: readonly Question[];
  /** Which of them is open. */
  readonly open: string | null;
  readonly onOpen: (approval: string) => void;
  /** What is marked to be answered together; null where there is nothing to put together. */
  readonly marks: Marks | null;
}

/** The questions, one of them open. The whole list has one focus, so that no answer is ever armed by it. */
export function ApprovalList({ waiting, decided, open, onOpen, marks }: ApprovalListProps) {
  const text = useText();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    if (open !== null) document.getElementById(rowId(open))?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  const marked = marks?.marked.length ?? 0;
  // What had the focus may have gone with its mark, or with its answer.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only then can it have gone.
  useEffect(() => {
    if (document.activeElement === document.body) list.current?.focus({ preventScroll: true });
  }, [waiting.length, marked]);
  const row = (question: Question) => (
    <ApprovalRow
      key={question.approval.id}
      question={question}
      current={question.approval.id === open}
      onOpen={() => onOpen(question.approval.id)}
      marks={question.approval.answer === null ? marks : null}
    />
  );
  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label={text('app.approval.inbox.list')}
      aria-multiselectable={marks === null ? undefined : true}
      aria-activedescendant={open === null ? undefined : rowId(open)}
      className="group/list min-h-0 flex-1 overflow-y-auto outline-none"
    >
      {waiting.map(row)}
      {decided.length > 0 && waiting.length > 0 && (
        <div role="presentation" className="px-3.5 pt-4 pb-1 text-small font-medium text-ink-3">
          {text('app.approval.inbox.decidedHead')}
        </div>
      )}
      {decided.map(row)}
    </div>
  );
}

function rowId(approval: string): string {
  return `approval-${approval}`;
}

interface RowProps {
  readonly question: Question;
  readonly current: boolean;
  readonly onOpen: () => void;
  readonly marks: Marks | null;
}

function ApprovalRow({ question, current, onOpen, marks }: RowProps) {
  const text = useText();
  const { row, state, approval } = question;
  const { shown } = usePreview(state, approval);
  const words = useQuestionWords(state, approval, shown);
  const { answer } = approval;
  const reached = useReachWord()(question);
  const marked = marks?.has(approval.id) ?? false;
  const onClick = (event: MouseEvent) => {
    if (event.shiftKey) marks?.through(approval.id);
    onOpen();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and the keys.
    <div
      id={rowId(approval.id)}
      role="option"
      tabIndex={-1}
      aria-selected={current}
      aria-checked={marks === null ? undefined : marked}
      onClick={onClick}
      className={cx(
        'grid cursor-default select-none grid-cols-[1.25rem_minmax(0,1fr)_auto] gap-x-1.5 border-b border-line px-3.5 py-2.5',
        current
          ? 'bg-accent-bg group-focus-visible/list:outline-2 group-focus-visible/list:-outline-offset-2 group-focus-visible/list:outline-accent'
          : 'hover:bg-hover',
      )}
    >
      <span className="flex h-[1.25rem] items-center">
        {answer === null ? (
          <StateIcon state="waiting" size={14} label={text('app.state.waiting')} />
        ) : (
          <Icon
            of={answer.answer === 'approved' ? Check : Ban}
            size={14}
            label={text(`app.approval.state.${answer.answer}`)}
            className="text-ink-3"
          />
        )}
      </span>
      <span className="cut font-medium">{words.title}</span>
      <When question={question} />
      {marks !== null && <MarkBox marked={marked} approval={approval.id} marks={marks} />}
      <code className="col-start-2 col-end-4 cut text-ink-2">{words.detail}</code>
      <span className="col-start-2 col-end-4 cut text-small text-ink-3">
        {reached === null ? row.goal : `${reached} \u00B7 ${row.goal}`}
      </span>
    </div>
  );
}

/** The face of a row's mark. The list has the focus and the keys; the row says whether it is checked. */
function MarkBox({
  marked,
  approval,
  marks,
}: {
  readonly marked: boolean;
  readonly approval: string;
  readonly marks: Marks;
}) {
  const onClick = (event: MouseEvent) => {
    event.stopPropagation();
    if (event.shiftKey) marks.through(approval);
    else marks.toggle(approval);
  };
  return (
    <span className="row-start-2 flex h-[1.25rem] items-center">
      <span
        aria-hidden="true"
        data-mark={approval}
        onClick={onClick}
        className={cx(
          'hit inline-flex size-4 items-center justify-center rounded-mark border-[1.5px]',
          marked ? 'border-accent bg-accent text-on-accent' : 'border-line-ctl bg-card',
        )}
      >
        {marked && <Icon of={Check} size={12} />}
      </span>
    </span>
  );
}

function When({ question }: { readonly question: Question }) {
  const formats = useFormats();
  const { answer, requestedAt } = question.approval;
  const look = 'ps-2 text-meta leading-body text-ink-3 tabular-nums';
  if (answer === null) return <LiveTime since={requestedAt} as="waited" className={look} />;
  return (
    <bdi className={look} title={formats.exact(answer.at)}>
      {formats.age(answer.at, Date.now())}
    </bdi>
  );
}

/** What stands in the list while it is empty. */
export function EmptyList({ children }: { readonly children: string }) {
  return (
    <p className="flex flex-1 flex-col items-center gap-1 px-3.5 pt-10 text-center text-small text-ink-3">
      <Icon of={Inbox} size={20} />
      {children}
    </p>
  );
}
