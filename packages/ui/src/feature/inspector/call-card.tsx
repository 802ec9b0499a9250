import type { CallState, RunState } from '@soma/schemas/run';
import { ChevronRight, Shield, ShieldCheck, ShieldX } from 'lucide-react';
import { useState } from 'react';
import { type Text, useFormats, useNoteText, useRunDeltas, useText } from '../../client/index.ts';
import { Chip, cx, Icon, StateChip, StateIcon } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { SaidText } from '../run/call-said.tsx';
import { LiveTime } from '../run/live-time.tsx';
import { argumentLine, callLook, callWord, isCutOff, isGoing } from '../run/look.ts';
import { CallMeter } from './call-meter.tsx';
import { ContentText } from './content-text.tsx';

/** What policy said about a call; amber while a person is asked. */
export function VerdictChip({ call }: { readonly call: CallState }) {
  const text = useText();
  if (call.outcome.name === 'undecided')
    return <StateChip state="waiting">{text('app.inspector.verdict.ask')}</StateChip>;
  const refused = call.verdict === 'deny' || call.outcome.name === 'refused';
  const icon = refused ? ShieldX : call.verdict === 'allow' ? ShieldCheck : Shield;
  return (
    <Chip icon={icon}>{text(refused ? 'app.inspector.verdict.deny' : 'app.inspector.verdict.allow')}</Chip>
  );
}

/** Which rule decided, and how long that took. */
export function RuleLine({ call }: { readonly call: CallState }) {
  const text = useText();
  return (
    <p className="text-meta text-ink-3">
      {text('app.inspector.rule')} <code className="text-meta text-ink-2">{call.rule}</code>
      {text('app.inspector.decidedIn', { took: decidedIn(call.decidedMs, text) })}
    </p>
  );
}

function decidedIn(ms: number, text: Text): string {
  return ms < 0.1
    ? text('app.inspector.underTenth')
    : text('app.time.milliseconds', { value: ms < 10 ? ms.toFixed(1) : Math.round(ms) });
}

/** How far a call is, and what its model has said so far. */
function Passing({ call, run }: { readonly call: string; readonly run: string }) {
  const deltas = useRunDeltas(run);
  return (
    <>
      <CallMeter call={call} run={run} />
      <SaidText deltas={deltas} call={call} />
    </>
  );
}

/** The call under way, in the timeline: tool, verdict, arguments, progress, and the rule that decided. */
export function CurrentCall({ call, run }: { readonly call: CallState; readonly run: string }) {
  const text = useText();
  return (
    <>
      <section
        aria-label={text('app.inspector.call', { tool: call.tool })}
        className="mt-1.5 min-w-0 rounded-card border border-line bg-card"
      >
        <header className="flex min-w-0 items-center gap-2 px-2.5 py-1.5">
          <code className="cut flex-1 font-medium text-ink">{call.tool}</code>
          <VerdictChip call={call} />
        </header>
        <div className="border-t border-line">
          <ContentText content={call.arguments} label={text('app.inspector.arguments')} />
        </div>
        {call.outcome.name === 'started' && <Passing call={call.id} run={run} />}
      </section>
      <div className="mt-1.5">
        <RuleLine call={call} />
      </div>
    </>
  );
}

export interface CallRowProps {
  readonly call: CallState;
  readonly run: string;
  /** How its run stands: in one that is held or has ended, no time goes on. */
  readonly status: RunState['status']['name'];
  readonly folder: string;
  readonly opened?: boolean;
}

/** One call in a list: what it was and came to in a line; opened, its arguments, result, verdict and rule. */
export function CallRow({ call, run, status, folder, opened = false }: CallRowProps) {
  const text = useText();
  const say = useNoteText();
  const [open, setOpen] = useState(opened);
  const look = callLook(call, status);
  const cut = isCutOff(call, status);
  const { outcome } = call;
  return (
    <section className="border-t border-line first:border-t-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full min-w-0 items-start gap-2 px-4 py-2 text-start transition-colors -outline-offset-2 hover:bg-hover"
      >
        <span className="flex h-[1.25rem] items-center">
          <Icon
            of={ChevronRight}
            size={14}
            className={cx('text-ink-3 transition-transform', open && 'rotate-90')}
          />
        </span>
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex min-w-0 items-center gap-2">
            {look !== 'done' && <StateIcon state={look} size={14} label={text(callWord(call, status))} />}
            <code className="flex-none font-medium">{call.tool}</code>
            <code className="cut flex-1 text-ink-3">{argumentLine(call)}</code>
            <CallTime call={call} going={isGoing(call, status)} />
          </span>
          {outcome.name === 'completed' && <span className="text-small text-ink-2">{say(outcome.note)}</span>}
          {cut && <span className="text-small text-ink-2">{text('app.inspector.cutOff')}</span>}
        </span>
      </button>
      {open && <CallParts call={call} run={run} status={status} folder={folder} />}
    </section>
  );
}

function CallTime({ call, going }: { readonly call: CallState; readonly going: boolean }) {
  const formats = useFormats();
  const { outcome } = call;
  const look = 'flex-none text-meta text-ink-3 tabular-nums';
  if (going) return <LiveTime since={call.startedAt} as="duration" className={look} />;
  if (outcome.name === 'completed' || outcome.name === 'failed') {
    return <bdi className={look}>{formats.duration(outcome.tookMs)}</bdi>;
  }
  return null;
}

function CallParts({ call, run, status, folder }: CallRowProps) {
  const text = useText();
  const { outcome } = call;
  const head = 'text-meta font-medium text-ink-3';
  return (
    <div className="flex min-w-0 flex-col gap-1.5 ps-[38px] pe-4 pb-3">
      <div className="flex items-center gap-2">
        <VerdictChip call={call} />
        <RuleLine call={call} />
      </div>
      <h4 className={head}>{text('app.inspector.arguments')}</h4>
      <div className="rounded-control border border-line bg-sunken">
        <ContentText content={call.arguments} label={text('app.inspector.arguments')} />
      </div>
      {outcome.name === 'completed' && (
        <>
          <h4 className={head}>{text('app.inspector.result')}</h4>
          <div className="rounded-control border border-line bg-sunken">
            <ContentText content={outcome.result} label={text('app.inspector.result')} />
          </div>
        </>
      )}
      {outcome.name === 'started' && isGoing(call, status) && <Passing call={call.id} run={run} />}
      {outcome.name === 'failed' && (
        <div className="rounded-card border border-line bg-card">
          <FaultCard fault={outcome.fault} folder={folder} />
        </div>
      )}
    </div>
  );
}
