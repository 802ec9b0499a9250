import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFormats, useText, useViewStore } from '../../client/index.ts';
import { Button, Chip, StateChip } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { ContentText } from '../inspector/content-text.tsx';
import { useOpenRun } from '../run/use-open-run.ts';
import type { Answering } from './answer.ts';
import { scopesOf } from './batch.ts';
import { PreviewBody } from './call-preview.tsx';
import { FourFacts, Unchanged, WhyAsked } from './facts.tsx';
import { kindOf, lastName, type Question, usePreview, useQuestionWords } from './question.ts';
import { Reach } from './reach.tsx';
import { RevisionBody } from './revision-body.tsx';
import { coversOne, type Scope, ScopeChooser } from './scope-chooser.tsx';

export interface ApprovalDetailProps {
  readonly question: Question;
  readonly scope: Scope;
  readonly answering: Answering;
}

/** One question whole: what is already true, what is asked, what it does and does not, why, and the answer. */
export function ApprovalDetail({ question, scope, answering }: ApprovalDetailProps) {
  const text = useText();
  const view = useViewStore();
  const { state, approval } = question;
  const preview = usePreview(state, approval);
  const { shown } = preview;
  const words = useQuestionWords(state, approval, shown);
  const place = state.tasks.findIndex(({ id }) => id === approval.task);
  const task = state.tasks[place];
  const exact = text(approval.about === 'revision' ? 'app.approval.revision.exact' : 'app.approval.exact');
  const open = (path: string, line: number) => {
    view.openCanvas(state.canvas);
    view.openCode({ folder: state.folder.id, path, line });
  };
  return (
    <section aria-label={words.ask} className="flex min-h-0 min-w-0 flex-1 flex-col bg-card">
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-9 py-5 *:flex-none">
        <header className="flex flex-col gap-1">
          <Standing question={question} kind={kindOf(state, approval, shown)} />
          <h2 className="mt-1 text-page">{words.ask}</h2>
          <Place question={question} number={place + 1} />
        </header>
        <Reach question={question} />
        {preview.fault !== null && <FaultLine fault={preview.fault} />}
        {shown !== null && <PreviewBody shown={shown} folder={state.folder.id} />}
        <Unchanged state={state} task={task} shown={shown} onOpen={open} />
        {approval.about === 'revision' ? (
          <RevisionBody approval={approval} />
        ) : (
          <FourFacts state={state} task={task} shown={shown} />
        )}
        <div className="grid grid-cols-[repeat(auto-fit,minmax(17rem,1fr))] gap-4">
          <Part name={exact}>
            <div className="rounded-control border border-line bg-sunken [&_section]:max-h-44">
              <ContentText content={approval.arguments} label={exact} />
            </div>
          </Part>
          <Part name={text('app.approval.why')}>
            <WhyAsked state={state} task={task} approval={approval} />
          </Part>
        </div>
      </div>
      {approval.answer === null && state.status.name !== 'ended' && (
        <footer className="flex flex-none flex-wrap items-end gap-x-4 gap-y-2 border-t border-line bg-app px-9 py-3">
          <div className="min-w-0 flex-1 basis-80">
            <HowFar question={question} scope={scope} />
          </div>
          <AnswerButtons scope={scope} answering={answering} />
          {answering.refused !== null && <FaultLine fault={answering.refused} />}
        </footer>
      )}
    </section>
  );
}

/** How far the answer is to reach, where that is a person's to choose. */
function HowFar({ question, scope }: Pick<ApprovalDetailProps, 'question' | 'scope'>) {
  const text = useText();
  const { state, approval } = question;
  if (approval.about === 'revision')
    return <p className="text-small text-ink-2">{text('app.approval.revision.once')}</p>;
  const folder = lastName(state.folder.path);
  const covers = coversOne(text, { chosen: scope.chosen, call: state.calls[approval.call], folder });
  return <ScopeChooser scope={scope} scopes={scopesOf([question])} covers={covers} />;
}

/** How the question stands, and what is true until it is answered. */
function Standing({ question, kind }: { readonly question: Question; readonly kind: string }) {
  const text = useText();
  const formats = useFormats();
  const { approval, state } = question;
  const line = 'flex flex-wrap items-center gap-2 text-small text-ink-2';
  if (approval.answer === null) {
    const ended = state.status.name === 'ended';
    return (
      <p className={line}>
        {!ended && <StateChip state="waiting">{text('app.state.waiting')}</StateChip>}
        {text(ended ? 'app.approval.state.ended' : `app.approval.state.${kind}`)}
      </p>
    );
  }
  const { answer, by, at } = approval.answer;
  return (
    <p className={line}>
      <Chip icon={answer === 'approved' ? CircleCheck : undefined}>
        {text(`app.approval.state.${answer}`)}
      </Chip>
      <span title={formats.exact(at)}>
        {text(`app.approval.by.${by}`, { time: formats.age(at, Date.now()) })}
      </span>
    </p>
  );
}

/** The run that asks, and where in its plan. */
function Place({ question, number }: { readonly question: Question; readonly number: number }) {
  const text = useText();
  const open = useOpenRun();
  const { row, state } = question;
  const plan = state.plan?.ref.name ?? '';
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-small text-ink-3">
      <Button kind="link" onClick={() => open(row)} className="min-w-0 flex-initial!">
        <span className="cut">{row.goal}</span>
      </Button>
      {text('app.approval.place', { number, tasks: state.tasks.length, plan })}
    </p>
  );
}

export interface AnswerButtonsProps {
  readonly scope: Scope;
  readonly answering: Answering;
  readonly small?: boolean;
}

export function AnswerButtons({ scope, answering, small }: AnswerButtonsProps) {
  const text = useText();
  return (
    <div className="ms-auto flex flex-wrap justify-end gap-2">
      <Button small={small} keys={['R']} disabled={answering.answering} onClick={answering.reject}>
        {text('app.approval.reject')}
      </Button>
      <Button
        kind="primary"
        small={small}
        keys={['A']}
        disabled={answering.answering}
        onClick={() => answering.approve(scope.reach)}
      >
        {scope.words}
      </Button>
    </div>
  );
}

function Part({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h3 className="text-small font-medium text-ink-3">{name}</h3>
      {children}
    </div>
  );
}
