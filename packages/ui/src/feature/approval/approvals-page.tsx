import type { KeyboardEvent } from 'react';
import { useText } from '../../client/index.ts';
import { Count, Keys, Segmented } from '../../design/index.ts';
import { NothingWaits } from '../fault/absence.tsx';
import { ApprovalDetail } from './approval-detail.tsx';
import { ApprovalList, EmptyList } from './approval-list.tsx';
import { BatchDetail } from './batch-detail.tsx';
import { BatchOutcome } from './batch-outcome.tsx';
import {
  groupsOf,
  type Inbox,
  type InboxParts,
  isBatch,
  useBatch,
  useInbox,
  useInboxKeys,
  useSingle,
} from './inbox.ts';
import { MarkBar } from './mark-bar.tsx';
import { useMarks } from './marks.ts';

/** The one inbox of all runs: what waits and what was decided, and one question whole, or several together. */
export function ApprovalsPage() {
  const text = useText();
  const inbox = useInbox();
  const marks = useMarks(inbox.waiting, inbox.open?.approval.id ?? null);
  const batch = useBatch(marks, inbox);
  const single = useSingle(inbox);
  const parts: InboxParts = { inbox, marks, batch, single };
  const keys = useInboxKeys(parts);
  const { count } = inbox;
  if (count.waiting + count.decided === 0) return <NothingWaits />;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === ' ') openNextFile(event);
    else if (!ofMarks(event, parts)) keys(event);
  };
  return (
    <section
      aria-label={text('app.shell.page.approvals')}
      className="absolute inset-0 flex min-w-0 bg-card"
      onKeyDown={onKeyDown}
    >
      <div className="flex w-[304px] max-w-[40%] flex-none flex-col border-e border-line bg-app">
        <ListHead inbox={inbox} />
        {inbox.waiting.length > 1 && <MarkBar marks={marks} groups={groupsOf(inbox)} />}
        <Listed inbox={inbox} marks={marks} />
        <ListKeys marking={inbox.waiting.length > 1} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        {batch.outcome !== null && <BatchOutcome outcome={batch.outcome} onClose={batch.dismiss} />}
        <Pane {...parts} />
      </div>
    </section>
  );
}

/** What is marked, together; otherwise the question that is open. */
function Pane({ inbox, marks, batch, single }: InboxParts) {
  const { open } = inbox;
  if (open === null) return null;
  if (!isBatch({ inbox, marks }))
    return <ApprovalDetail key={open.approval.id} question={open} {...single} />;
  return (
    <BatchDetail
      marks={marks}
      open={open}
      previews={batch.previews}
      shown={batch.shown}
      scope={batch.scope}
      ready={batch.ready}
      answering={batch.answering}
      onApprove={batch.approve}
      onReject={batch.reject}
    />
  );
}

function Listed({ inbox, marks }: Pick<InboxParts, 'inbox' | 'marks'>) {
  const text = useText();
  const { waiting, decided, open, tab } = inbox;
  if (waiting.length + decided.length === 0) {
    return (
      <EmptyList>
        {text(tab === 'waiting' ? 'app.approval.inbox.nothingWaits' : 'app.approval.inbox.none')}
      </EmptyList>
    );
  }
  return (
    <ApprovalList
      waiting={waiting}
      decided={decided}
      open={open?.approval.id ?? null}
      onOpen={inbox.show}
      marks={waiting.length > 1 ? marks : null}
    />
  );
}

function ListHead({ inbox: { tab, setTab, count } }: { readonly inbox: Inbox }) {
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
        onValueChange={setTab}
        items={(['waiting', 'decided'] as const).map((id) => ({
          id,
          label: text(`app.approval.inbox.${id}`, { count: count[id] }),
        }))}
      />
    </header>
  );
}

/** Keys of the marks alone: in the list Control A marks all that waits, and Escape takes the marks away before it means anything else. */
function ofMarks(event: KeyboardEvent<HTMLElement>, { inbox, marks }: InboxParts): boolean {
  const all = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a' && isList(event.target);
  const none = event.key === 'Escape' && marks.marked.length > 0;
  if (!none && (!all || inbox.waiting.length < 2)) return false;
  event.preventDefault();
  event.stopPropagation();
  marks.only(all ? groupsOf(inbox).all : []);
  return true;
}

function isList(target: EventTarget): target is HTMLElement {
  return target instanceof HTMLElement && target.role === 'listbox';
}

/** From the list, Space opens the next file that was not opened yet; anywhere else it is the control's own. */
function openNextFile(event: KeyboardEvent<HTMLElement>): void {
  if (!isList(event.target)) return;
  event.preventDefault();
  const next = event.currentTarget.querySelector<HTMLElement>('section button[aria-expanded="false"]');
  next?.click();
  next?.scrollIntoView({ block: 'nearest' });
}

function ListKeys({ marking }: { readonly marking: boolean }) {
  const text = useText();
  const lines: readonly (readonly [keys: readonly string[], words: string])[] = [
    [[text('app.approval.key.next'), text('app.approval.key.previous')], 'nextPrevious'],
    [[text('app.approval.key.files')], 'openFiles'],
    ...(marking ? [[[text('app.approval.key.mark')], 'mark'] as const] : []),
  ];
  return (
    <footer className="flex flex-none flex-wrap items-center justify-between gap-x-3 gap-y-1 border-t border-line px-3.5 py-2.5 text-small text-ink-3">
      {lines.map(([keys, words]) => (
        <span key={words} className="inline-flex items-center gap-1.5">
          <Keys keys={keys} />
          {text(`app.approval.inbox.${words}`)}
        </span>
      ))}
    </footer>
  );
}
