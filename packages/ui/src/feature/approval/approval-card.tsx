import type { ApprovalState, RunState } from '@soma/schemas/run';
import { useRef } from 'react';
import { useText, useViewStore } from '../../client/index.ts';
import { Button, cx, StateChip, useHandBack } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { ContentText } from '../inspector/content-text.tsx';
import { useAnswer, useQuestionKeys } from './answer.ts';
import { AnswerButtons } from './approval-detail.tsx';
import { PreviewBody } from './call-preview.tsx';
import { kindOf, usePreview, useQuestionWords } from './question.ts';
import { RevisionBody } from './revision-body.tsx';
import { useScope } from './scope-chooser.tsx';

export interface ApprovalCardProps {
  readonly state: RunState;
  readonly approval: ApprovalState;
  readonly className?: string;
}

/** A question in its small form, where the work is: what is asked, what it does, the exact call. It is answered once; more in Approvals. */
export function ApprovalCard({ state, approval, className }: ApprovalCardProps) {
  const text = useText();
  const view = useViewStore();
  const place = useRef<HTMLElement>(null);
  useHandBack(place, '.board');
  const preview = usePreview(state, approval);
  const { shown } = preview;
  const words = useQuestionWords(state, approval, shown);
  const scope = useScope(approval.id);
  const answering = useAnswer(state.id, approval);
  const onKeyDown = useQuestionKeys(approval.id, {
    answers: { a: () => answering.approve(scope.reach), r: answering.reject },
  });
  return (
    <section
      ref={place}
      tabIndex={-1}
      aria-label={words.ask}
      onKeyDown={onKeyDown}
      className={cx(
        // Keys are shown where they work: while the card has the focus. Their room stays, half on each side of the words, so that
        // no button changes its size or moves under a press.
        '[&:not(:focus-within)_span:has(>kbd)]:invisible [&:not(:focus-within)_span:has(>kbd)]:-me-[13px]',
        '[&:not(:focus-within)_button:has(kbd)]:ps-[22px]',
        'flex min-w-0 flex-col gap-2.5 rounded-card border border-waiting-line bg-card p-3.5',
        className,
      )}
    >
      <p className="flex flex-wrap items-center gap-2 text-small text-ink-2">
        <StateChip state="waiting">{text('app.state.waiting')}</StateChip>
        {text(`app.approval.state.${kindOf(state, approval, shown)}`)}
      </p>
      <h3 className="text-title">{words.ask}</h3>
      {preview.fault !== null && <FaultLine fault={preview.fault} />}
      {approval.about === 'revision' ? (
        <RevisionBody approval={approval} />
      ) : shown === null ? (
        <div className="rounded-control border border-line bg-sunken">
          <ContentText content={approval.arguments} label={text('app.approval.exact')} />
        </div>
      ) : (
        <PreviewBody narrow shown={shown} folder={state.folder.id} />
      )}
      {answering.refused !== null && <FaultLine fault={answering.refused} />}
      <footer className="sticky -bottom-3 -mx-3.5 -mb-3.5 flex flex-wrap items-center gap-2 rounded-b-card border-t border-line bg-card px-3.5 py-2.5">
        <Button kind="link" onClick={() => view.openApproval(approval.id)}>
          {text('app.approval.open')}
        </Button>
        <AnswerButtons small scope={scope} answering={answering} />
      </footer>
    </section>
  );
}
