import type { Fault } from '@soma/schemas/event';
import type { ApprovalState } from '@soma/schemas/run';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useCommands, useRun, useText } from '../../client/index.ts';
import { Button, cx, StateChip } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { isTyping } from '../palette/keys.ts';
import { ContentText } from './content-text.tsx';

/** Keys count only this long after a card appeared, in milliseconds: what was typed before it came is no answer to it. */
export const KEYS_AFTER_MS = 400;

export interface ApprovalCardProps {
  readonly run: string;
  readonly approval: ApprovalState;
  /** Takes the focus when it appears, so that its keys work; never a button of it. */
  readonly focused?: boolean;
  readonly className?: string;
}

/** What a person is asked: the question, the exact call, the rule that asked. The host decides what the answer means. */
export function ApprovalCard({ run, approval, focused = false, className }: ApprovalCardProps) {
  const text = useText();
  const task = useRun(
    run,
    ({ tasks }) => tasks.find(({ id }) => id === approval.task)?.title ?? approval.task,
  );
  const { answer, answering, refused } = useAnswer(run, approval);
  const { card, onKeyDown } = useKeys(approval.id, focused, answer);
  return (
    <section
      ref={card}
      tabIndex={-1}
      aria-label={text('app.approval.question', { tool: approval.tool, task: task ?? '' })}
      onKeyDown={onKeyDown}
      className={cx(
        'flex min-w-0 flex-col gap-3 rounded-card border border-waiting-line bg-card p-3.5',
        className,
      )}
    >
      <header className="flex flex-wrap items-center gap-2 text-small text-ink-2">
        <StateChip state="waiting">{text('app.state.waiting')}</StateChip>
        {text('app.approval.held')}
      </header>
      <h3 className="text-title">
        {text('app.approval.question', { tool: approval.tool, task: task ?? '' })}
      </h3>
      <Part name={text('app.approval.exact')}>
        <div className="rounded-control border border-line bg-sunken">
          <ContentText content={approval.arguments} label={text('app.approval.exact')} />
        </div>
      </Part>
      <Part name={text('app.approval.why')}>
        <p className="text-small text-ink-2">
          {text('app.approval.rule')} <code className="text-ink">{approval.rule}</code>
        </p>
      </Part>
      {refused !== null && <FaultLine fault={refused} />}
      <footer className="sticky -bottom-3 -mx-3.5 -mb-3.5 flex flex-wrap items-center justify-end gap-2 rounded-b-card border-t border-line bg-card px-3.5 py-2.5">
        <Button keys={['R']} disabled={answering} onClick={() => answer('rejected')}>
          {text('app.approval.reject')}
        </Button>
        <Button kind="primary" keys={['A']} disabled={answering} onClick={() => answer('approved')}>
          {text('app.approval.approve')}
        </Button>
      </footer>
    </section>
  );
}

/** The keys of the card, which count while it has the focus, once it has stood for a moment. */
function useKeys(approval: string, focused: boolean, answer: (given: 'approved' | 'rejected') => void) {
  const card = useRef<HTMLElement>(null);
  const since = useRef(Number.POSITIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another approval in the same place has just appeared too.
  useEffect(() => {
    since.current = performance.now();
    if (focused) card.current?.focus({ preventScroll: true });
  }, [focused, approval]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const given = ({ a: 'approved', r: 'rejected' } as const)[event.key.toLowerCase()];
    if (given === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat && performance.now() - since.current >= KEYS_AFTER_MS) answer(given);
  };
  return { card, onKeyDown };
}

function Part({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h4 className="text-meta font-medium text-ink-3">{name}</h4>
      {children}
    </div>
  );
}

/** Sends one answer; another only after the first was refused. */
function useAnswer(run: string, approval: ApprovalState) {
  const commands = useCommands();
  const [sent, setSent] = useState<string | null>(null);
  const [refused, setRefused] = useState<Fault | null>(null);
  const answer = async (given: 'approved' | 'rejected') => {
    if (sent === approval.id) return;
    setSent(approval.id);
    setRefused(null);
    const recorded = await commands.answerApproval(run, approval, given);
    if (recorded.ok) return;
    setSent(null);
    setRefused(recorded.fault);
  };
  return {
    answer: (given: 'approved' | 'rejected') => void answer(given),
    answering: sent === approval.id,
    refused,
  };
}
