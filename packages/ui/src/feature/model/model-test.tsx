import type { AddedModel, ExamResult } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { CircleCheck, CircleDashed, KeyRound, SearchX } from 'lucide-react';
import { useState } from 'react';
import { useAddedModels, useChatWays, useFormats, useText, useViewStore } from '../../client/index.ts';
import { Button, EmptyState, Icon, ProgressBar } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { FaultLine } from '../fault/fault-line.tsx';
import { ExamParts } from './exam-parts.tsx';
import { GiveKey } from './give-key.tsx';
import { KnownFacts } from './known-facts.tsx';
import { PageHead, Part } from './page-head.tsx';
import { KINDS, useWhere, wantsKey, whyNot } from './words.ts';

/** The first screen after adding a model: how it answers, what it passed, and so which kinds of turn it is given. */
export function ModelTest({ added }: { readonly added: string }) {
  const text = useText();
  const view = useViewStore();
  const model = useAddedModels().find(({ id }) => id === added);
  if (model !== undefined) return <Test model={model} />;
  return (
    <EmptyState
      icon={SearchX}
      title={text('app.chat.test.gone.title')}
      className="py-12"
      action={
        <Button small onClick={() => view.openModels({ at: 'list' })}>
          {text('app.chat.test.gone.act')}
        </Button>
      }
    >
      {text('app.chat.test.gone.why')}
    </EmptyState>
  );
}

function Test({ model }: { readonly model: AddedModel }) {
  const text = useText();
  const where = useWhere();
  const { running, result } = model.exam;
  const fault = result?.fault ?? null;
  return (
    <>
      <PageHead inner title={text('app.chat.test.title')} actions={<Actions model={model} />}>
        <p className="text-reading font-medium break-words">
          <bdi>{model.model}</bdi>
        </p>
        <p className="text-small break-words text-ink-2">
          <bdi>{where(model)}</bdi>
          {model.file === null && ` ${text('app.sign.dot')} ${text(`app.chat.key.${model.key}`)}`}
        </p>
      </PageHead>
      <Said model={model} />
      {running !== null && <Going model={model} />}
      {running === null && result === null && (
        <p className="rounded-panel border border-line bg-card px-4 py-3">{text('app.chat.test.none')}</p>
      )}
      {running === null && fault !== null && (
        <div className="overflow-hidden rounded-panel border border-line bg-card">
          <FaultCard fault={fault} live actions={<span />} />
        </div>
      )}
      {result !== null && <Figures result={result} asked={model.model} earlier={running !== null} />}
      <ExamParts exam={model.exam} />
      <Kinds model={model} />
      <KnownFacts model={model} />
    </>
  );
}

/** What goes on, for a screen reader: a new part, and the end. */
function Said({ model: { exam } }: { readonly model: AddedModel }) {
  const text = useText();
  const { running, result } = exam;
  const passed = result?.parts.filter(({ verdict }) => verdict === 'passed').length ?? 0;
  return (
    <p role="status" className="sr-only">
      {running !== null
        ? text('app.chat.test.said', { part: text(`exam.part.${running.part}`) })
        : result !== null && text('app.chat.test.over', { passed })}
    </p>
  );
}

function Actions({ model }: { readonly model: AddedModel }) {
  const text = useText();
  const view = useViewStore();
  const { examine } = useChatWays();
  const [asksKey, setAsksKey] = useState(false);
  const [refused, setRefused] = useState<Fault | null>(null);
  const { running, result } = model.exam;
  if (running !== null) return null;
  const test = async () => {
    const answer = await examine(model.id);
    setRefused(answer.ok ? null : answer.fault);
  };
  const key = wantsKey(model);
  return (
    <>
      {key && (
        <Button kind="primary" icon={KeyRound} onClick={() => setAsksKey(true)}>
          {text('app.chat.test.key')}
        </Button>
      )}
      <Button kind={result === null && !key ? 'primary' : 'plain'} onClick={() => void test()}>
        {text(result === null ? 'app.chat.test.start' : 'app.chat.test.again')}
      </Button>
      {result !== null && (
        <Button kind={key ? 'plain' : 'primary'} onClick={() => view.openModels({ at: 'list' })}>
          {text('app.chat.test.done')}
        </Button>
      )}
      {refused !== null && <FaultLine fault={refused} />}
      {asksKey && <GiveKey model={model} onClose={() => setAsksKey(false)} />}
    </>
  );
}

/** How far the test is, and the way to end it. */
function Going({ model }: { readonly model: AddedModel }) {
  const text = useText();
  const { stopExam } = useChatWays();
  const [refused, setRefused] = useState<Fault | null>(null);
  const { running, result } = model.exam;
  if (running === null) return null;
  const { done, questions, part } = running;
  const stop = async () => {
    const answer = await stopExam(model.id);
    setRefused(answer.ok ? null : answer.fault);
  };
  const at = Math.min(done + 1, questions);
  const words = text('app.chat.test.running', {
    at,
    questions,
    part: text(`exam.part.${part}`),
  });
  return (
    <div className="flex flex-col gap-2 rounded-panel border border-line bg-card px-4 py-3">
      <p className="tabular-nums">{words}</p>
      <ProgressBar value={questions === 0 ? 0 : done / questions} label={words} tone="running" />
      <div className="flex flex-wrap items-center gap-3">
        <Button small onClick={() => void stop()}>
          {text('app.chat.test.stop')}
        </Button>
        {result !== null && <span className="text-small text-ink-3">{text('app.chat.test.stopHelp')}</span>}
      </div>
      {refused !== null && <FaultLine fault={refused} />}
    </div>
  );
}

const FACES = { large: 'text-title', plain: '' } as const;

interface FiguresProps {
  readonly result: ExamResult;
  /** The name that was asked for. */
  readonly asked: string;
  /** Of a test before the one that goes on. */
  readonly earlier: boolean;
}

/** How fast it answered and what that took. What nobody told is said to be so. */
function Figures({ result, earlier, asked }: FiguresProps) {
  const text = useText();
  const { duration, count, money, exact } = useFormats();
  const { firstTokenMs, tokensPerSecond, usage, answeredAs, at } = result;
  const untold = text('app.chat.test.notTold');
  const told = (tokens: number | null) => (tokens === null ? untold : count(tokens));
  const facts = {
    first: firstTokenMs === null ? text('app.chat.test.noAnswer') : duration(firstTokenMs),
    speed: tokensPerSecond === null ? untold : count(tokensPerSecond),
    taken:
      usage.input === null && usage.output === null
        ? untold
        : text('app.chat.test.takenValue', { input: told(usage.input), output: told(usage.output) }),
    charged: usage.dollars === null ? untold : money(usage.dollars),
    at: exact(at),
  };
  return (
    <Part
      title={text('app.chat.test.figures')}
      note={earlier ? text('app.chat.test.earlier', { time: exact(at) }) : undefined}
    >
      <div className="px-4 py-2.5">
        <dl className="grid grid-cols-[repeat(auto-fit,minmax(8rem,1fr))] gap-x-4 gap-y-2 tabular-nums">
          {Object.entries(facts).map(([id, value]) => (
            <div key={id}>
              <dt className="text-small text-ink-3">{text(`app.chat.test.${id}`)}</dt>
              <dd className={FACES[id === 'first' || id === 'speed' ? 'large' : 'plain']}>{value}</dd>
            </div>
          ))}
        </dl>
        {answeredAs !== null && answeredAs !== asked && (
          <p className="pt-1.5 text-small text-ink-2">
            {text('app.chat.test.answeredAs', { model: answeredAs })}
          </p>
        )}
      </div>
    </Part>
  );
}

/** Which kinds of turn it is given, and why not the others. */
function Kinds({ model }: { readonly model: AddedModel }) {
  const text = useText();
  return (
    <Part title={text('app.chat.test.kinds')}>
      <ul>
        {KINDS.map((kind) => {
          const why = whyNot(text, kind, model);
          return (
            <li
              key={kind}
              className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-0.5 border-t border-line px-4 py-2 first:border-t-0"
            >
              <span className="min-w-52 flex-1 font-medium">{text(`exam.kind.${kind}`)}</span>
              <span className="inline-flex items-center gap-1.5">
                <Icon of={why === null ? CircleCheck : CircleDashed} size={14} className="text-ink-3" />
                {text(why === null ? 'app.chat.test.given' : 'app.chat.test.notGiven')}
              </span>
              {why !== null && <span className="w-full text-small text-ink-2">{why}</span>}
            </li>
          );
        })}
      </ul>
    </Part>
  );
}
