import type { AddedModel, ExamMiss, ExamPartResult } from '@soma/schemas/contract';
import { ExamPart } from '@soma/schemas/turn';
import {
  Check,
  ChevronRight,
  CircleDashed,
  Ellipsis,
  LoaderCircle,
  type LucideIcon,
  Minus,
  X,
} from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../client/index.ts';
import { Chip, cx, DescriptionList, Icon } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { Part } from './page-head.tsx';

const LOOKS: Readonly<Record<ExamPartResult['verdict'] | 'now' | 'asked' | 'later', LucideIcon>> = {
  passed: Check,
  failed: X,
  'not-possible': Minus,
  now: LoaderCircle,
  asked: Ellipsis,
  later: CircleDashed,
};

/** The four parts of the examination: what each asks, how it went, and every answer that was not right, with the reason. */
export function ExamParts({ exam }: Pick<AddedModel, 'exam'>) {
  const text = useText();
  const { running, result } = exam;
  return (
    <Part title={text('app.chat.test.parts')}>
      <ol>
        {ExamPart.options.map((part) => (
          <PartLine
            key={part}
            part={part}
            result={result?.parts.find((each) => each.part === part) ?? null}
            now={running === null ? null : placeOf(part) - placeOf(running.part)}
          />
        ))}
      </ol>
    </Part>
  );
}

const placeOf = (part: ExamPart) => ExamPart.options.indexOf(part);

interface PartLineProps {
  readonly part: ExamPart;
  readonly result: ExamPartResult | null;
  /** How many parts behind the one that is asked now; null while none is. */
  readonly now: number | null;
}

function PartLine({ part, result, now }: PartLineProps) {
  const text = useText();
  const going = now === null ? null : now === 0 ? 'now' : now < 0 ? 'asked' : 'later';
  const look = going === 'now' ? going : (result?.verdict ?? going ?? 'later');
  return (
    <li
      aria-label={text(`exam.part.${part}`)}
      className="flex min-w-0 flex-col gap-1 border-t border-line px-4 py-2.5 first:border-t-0"
    >
      <div className="flex min-w-0 flex-wrap items-start gap-x-3 gap-y-1">
        <span className="min-w-56 flex-1">
          <h3 className="font-medium">{text(`exam.part.${part}`)}</h3>
          <span className="text-small text-ink-2">{text(`app.chat.test.part.${part}.about`)}</span>
        </span>
        <Verdict look={look} result={result} />
      </div>
      {result !== null && now !== 0 && result.fault !== null && <FaultLine fault={result.fault} />}
      {result !== null && now !== 0 && result.misses.length > 0 && <Misses misses={result.misses} />}
    </li>
  );
}

function Verdict({ look, result }: { readonly look: keyof typeof LOOKS } & Pick<PartLineProps, 'result'>) {
  const text = useText();
  const { right = 0, questions = 0 } = result ?? {};
  return (
    <span className="inline-flex items-center gap-1.5 tabular-nums">
      <Icon
        of={LOOKS[look]}
        size={14}
        className={look === 'now' ? 'animate-turn text-running-solid' : 'text-ink-3'}
      />
      <span className={cx(look === 'later' && 'text-ink-3')}>
        {text(`app.chat.test.verdict.${look}`, { right, questions })}
      </span>
    </span>
  );
}

/** The answers that were not right; closed until a person wants to read them. */
function Misses({ misses }: { readonly misses: readonly ExamMiss[] }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="hit inline-flex items-center gap-1 self-start rounded-mark text-small text-ink-2 hover:text-ink"
      >
        <Icon of={ChevronRight} size={14} className={cx('transition-transform', open && 'rotate-90')} />
        {text('app.chat.test.misses', { count: misses.length })}
      </button>
      {open && (
        <ul className="flex min-w-0 flex-col gap-2">
          {misses.map((miss, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two wrong answers may be alike in everything.
            <li key={place} className="rounded-card bg-sunken px-3 py-2">
              <Miss miss={miss} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** One answer: the reason first, then what was asked, what should have come and what came, labelled as the model's words. */
function Miss({ miss: { asked, expected, came, reason } }: { readonly miss: ExamMiss }) {
  const text = useText();
  const quoted = (words: string) => <bdi className="mono break-words whitespace-pre-wrap">{words}</bdi>;
  return (
    <DescriptionList
      facts={[
        { id: 'why', name: text('app.chat.test.miss.why'), value: text(`exam.reason.${reason}`) },
        { id: 'asked', name: text('app.chat.test.miss.asked'), value: quoted(asked) },
        { id: 'expected', name: text('app.chat.test.miss.expected'), value: quoted(expected) },
        {
          id: 'came',
          name: text('app.chat.test.miss.came'),
          value: came === '' ? <Chip outlined>{text('app.chat.test.miss.nothing')}</Chip> : quoted(came),
        },
      ]}
    />
  );
}
