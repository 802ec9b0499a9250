import type { CallState, RunState } from '@soma/schemas/run';
import { memo } from 'react';
import {
  useClient,
  useFaultText,
  useFormats,
  useNoteText,
  useRun,
  useRunDeltas,
  useText,
} from '../../client/index.ts';
import { Chip, StateChip, StreamRow } from '../../design/index.ts';
import { CallProgress } from '../run/call-progress.tsx';
import { SaidLine } from '../run/call-said.tsx';
import { LiveTime } from '../run/live-time.tsx';
import { argumentLine, callLook, callWord, isCutOff, isGoing } from '../run/look.ts';

export interface StreamCallProps {
  readonly run: string;
  readonly call: string;
  /** Shown only when its tool or argument holds this. */
  readonly filter: string;
}

/** One call of the stream. It renders again only when this call changes; its progress does not render at all. */
export const StreamCall = memo(function StreamCall({ run, call: id, filter }: StreamCallProps) {
  const facts = useRun(run, (state) => ({
    call: state.calls[id] ?? null,
    since: state.submittedAt,
    status: state.status.name,
    answer: answerTo(state, id),
  }));
  const text = useText();
  const formats = useFormats();
  const { view } = useClient();
  if (facts === null || facts.call === null) return null;
  const { call, since, status, answer } = facts;
  const argument = argumentLine(call);
  const wanted = filter.trim().toLocaleLowerCase();
  if (!`${call.tool} ${argument}`.toLocaleLowerCase().includes(wanted)) return null;
  const look = callLook(call, status);
  const word = text(answer === 'rejected' ? 'app.approval.state.rejected' : callWord(call, status));
  const cut = isCutOff(call, status);
  const open = () => view.select({ kind: 'call', run, task: call.task, call: id }, { reveal: true });
  return (
    <StreamRow
      role="button"
      tabIndex={0}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      }}
      className="hover:bg-hover"
      since={formats.moment(Date.parse(call.startedAt) - Date.parse(since))}
      state={{ name: look, label: word }}
      tool={call.tool}
      call={
        <span className="group/call">
          {/* The words of a model at work take the place of what it was asked: a line has room for one of them. */}
          <span className="group-has-[[data-said]:not([hidden])]/call:hidden">{argument}</span>
          <Outcome run={run} call={call} cut={cut} />
        </span>
      }
      verdict={<Verdict call={call} refused={word} approved={answer === 'approved'} />}
      duration={<Took call={call} going={isGoing(call, status)} />}
    />
  );
});

interface OutcomeProps {
  readonly run: string;
  readonly call: CallState;
  readonly cut: boolean;
}

function Outcome({ run, call, cut }: OutcomeProps) {
  const text = useText();
  const noteText = useNoteText();
  const faultText = useFaultText();
  const deltas = useRunDeltas(run);
  const before = `  ${text('app.sign.arrow')} `;
  const { outcome } = call;
  switch (outcome.name) {
    case 'completed':
      return <span>{`${before}${noteText(outcome.note)}`}</span>;
    case 'failed':
      return <span className="text-failed-fg">{`${before}${faultText(outcome.fault).title}`}</span>;
    case 'started':
      if (cut) return <span className="text-ink-3">{`${before}${text('app.stream.cutOff')}`}</span>;
      return (
        <>
          <CallProgress deltas={deltas} call={call.id} before={before} />
          <SaidLine deltas={deltas} call={call.id} />
        </>
      );
    case 'undecided':
    case 'refused':
      return null;
    default:
      return outcome satisfies never;
  }
}

/** What a person said to it last; null where none was asked, and a rule decided. */
function answerTo({ approvals }: RunState, call: string): 'approved' | 'rejected' | null {
  return Object.values(approvals).findLast((asked) => asked.call === call)?.answer?.answer ?? null;
}

interface VerdictProps {
  readonly call: CallState;
  readonly refused: string;
  /** By a person. */
  readonly approved: boolean;
}

function Verdict({ call, refused, approved }: VerdictProps) {
  const text = useText();
  if (call.outcome.name === 'undecided') {
    return (
      <StateChip state="waiting" bare>
        {text('app.state.waiting')}
      </StateChip>
    );
  }
  if (call.outcome.name === 'refused') return <StateChip state="denied">{refused}</StateChip>;
  return <Chip>{text(approved ? 'app.stream.approved' : 'app.stream.allowed')}</Chip>;
}

function Took({ call, going }: { readonly call: CallState; readonly going: boolean }) {
  const formats = useFormats();
  switch (call.outcome.name) {
    case 'completed':
    case 'failed':
      return formats.duration(call.outcome.tookMs);
    case 'started':
    case 'undecided':
      return going ? <LiveTime since={call.startedAt} as="duration" /> : null;
    case 'refused':
      return null;
    default:
      return call.outcome satisfies never;
  }
}
