import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../client/index.ts';
import { Checkbox, Chip, cx, Icon } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { ContentText } from '../inspector/content-text.tsx';
import { PreviewBody } from './call-preview.tsx';
import { type Preview, type Question, useQuestionWords } from './question.ts';
import { RevisionBody } from './revision-body.tsx';

export interface BatchPartProps {
  readonly question: Question;
  readonly preview: Preview;
  readonly marked: boolean;
  /** In focus: then it is shown whole. */
  readonly current: boolean;
  readonly onToggle: () => void;
}

/** One of several questions that are answered together: what it asks and of what kind it is; opened, what it does and its exact call. */
export function BatchPart({ question, preview, marked, current, onToggle }: BatchPartProps) {
  const text = useText();
  const { row, state, approval } = question;
  const { shown, fault } = preview;
  const words = useQuestionWords(state, approval, shown);
  const [wish, setWish] = useState<{ readonly open: boolean; readonly current: boolean } | null>(null);
  const open = wish?.current === current ? wish.open : current;
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (current) place.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <section
      ref={place}
      aria-label={words.title}
      className={cx('rounded-card border', current ? 'border-accent-line' : 'border-line')}
    >
      <div className="flex min-w-0 items-start gap-2.5 px-3 py-2">
        <span className="flex h-[1.25rem] items-center">
          <Checkbox
            checked={marked}
            onCheckedChange={onToggle}
            label={text('app.approval.batch.markOne', { title: words.title })}
          />
        </span>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setWish({ open: !open, current })}
          className="flex min-w-0 flex-1 flex-col rounded-control text-start"
        >
          <span className="flex w-full min-w-0 flex-wrap items-center gap-x-2">
            <span className="min-w-0 flex-1 font-medium">{words.title}</span>
            <Chip>{text(`app.approval.batch.kind.${approval.about ?? shown?.kind ?? 'call'}`)}</Chip>
            <Icon
              of={ChevronRight}
              size={14}
              className={cx('text-ink-3 transition-transform', open && 'rotate-90')}
            />
          </span>
          <code dir="ltr" className="w-full break-words text-ink-2">
            {words.detail}
          </code>
          <span className="cut w-full text-small text-ink-3">
            {marked ? row.goal : text('app.approval.batch.unmarked', { goal: row.goal })}
          </span>
        </button>
      </div>
      {fault !== null && <FaultLine fault={fault} />}
      {open && <Whole question={question} shown={shown} />}
    </section>
  );
}

/** What the call or the change of the plan does, and its arguments whole. */
function Whole({
  question: { state, approval },
  shown,
}: Pick<BatchPartProps, 'question'> & Pick<Preview, 'shown'>) {
  const text = useText();
  const exact = text(approval.about === 'revision' ? 'app.approval.revision.exact' : 'app.approval.exact');
  return (
    <div className="flex min-w-0 flex-col gap-2.5 border-t border-line px-3 py-2.5">
      {approval.about === 'revision' && <RevisionBody approval={approval} />}
      {shown !== null && <PreviewBody narrow shown={shown} folder={state.folder.id} />}
      <h3 className="text-small font-medium text-ink-3">{exact}</h3>
      <div className="rounded-control border border-line bg-sunken [&_section]:max-h-44">
        <ContentText content={approval.arguments} label={exact} />
      </div>
    </div>
  );
}
