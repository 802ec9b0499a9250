import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useClient, useRun, useText, useTravel } from '../../client/index.ts';
import { cx } from '../../design/index.ts';
import { type Lane, type LaneMark, lanesOf } from './lanes.ts';

/** Half the slider's thumb, in CSS pixels: what the first and the last event keep from the ends. */
const HALF = 9;
const ROW = 24;

export interface LaneViewProps {
  readonly run: string;
  /** The slider over the run's own line. */
  readonly children: ReactNode;
}

/** A line a branch with its gates, decisions and failures; where it left its parent is a curve, and the playhead crosses both. */
export function LaneView({ run, children }: LaneViewProps) {
  const text = useText();
  const { histories } = useClient();
  const { at, count } = useTravel((all) => all);
  const fork = useRun(run, (state) => ({ fork: state.fork }))?.fork ?? null;
  const [parents, setParents] = useState(0);
  useEffect(() => {
    if (fork === null) return;
    let here = true;
    void histories.read(fork.run).then(() => here && setParents(histories.of(fork.run).events.length));
    return () => {
      here = false;
    };
  }, [histories, fork]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the two counts say that a history has grown.
  const lanes = useMemo(
    () => lanesOf(histories.of(run).events, fork === null ? [] : histories.of(fork.run).events, fork),
    [histories, run, fork, count, parents],
  );
  const head = lanes.placeOf(at);
  const shared = lanes.parent !== null;
  return (
    <div className="flex min-w-0 items-stretch gap-3">
      <div aria-hidden="true" className="flex flex-none flex-col text-meta leading-[24px] text-ink-3">
        {shared && <span>{text('app.travel.lane.parent')}</span>}
        <span>{text(shared ? 'app.travel.lane.branch' : 'app.travel.lane.own')}</span>
      </div>
      <div className="relative min-w-0 flex-1" style={{ height: shared ? 2 * ROW : ROW }}>
        <div aria-hidden="true" className="absolute inset-y-0" style={{ insetInline: HALF }}>
          {lanes.parent !== null && (
            <LaneLine lane={lanes.parent} walked={Math.min(head, lanes.own.from)} top={0} />
          )}
          <LaneLine lane={lanes.own} walked={head} top={shared ? ROW : 0} />
          {shared && <Fork at={lanes.own.from} walked={head >= lanes.own.from} />}
          <i className="absolute inset-y-0 w-px bg-accent" style={{ insetInlineStart: percent(head) }} />
        </div>
        <div
          className="absolute bottom-0 start-0"
          style={{ inlineSize: `calc((100% - ${2 * HALF}px) * ${lanes.own.to} + ${2 * HALF}px)` }}
        >
          {children}
        </div>
      </div>
    </div>
  );
}

const percent = (part: number): string => `${part * 100}%`;

interface LaneLineProps {
  readonly lane: Lane;
  /** How far of it lies behind the playhead. */
  readonly walked: number;
  readonly top: number;
}

function LaneLine({ lane: { from, to, marks }, walked, top }: LaneLineProps) {
  const until = Math.max(from, Math.min(to, walked));
  return (
    <div className="absolute inset-x-0" style={{ top, height: ROW }}>
      <i
        className="absolute top-[10px] h-1 rounded-full bg-line-2"
        style={{ insetInlineStart: percent(from), inlineSize: percent(to - from) }}
      />
      <i
        className="absolute top-[10px] h-1 rounded-full bg-ink-2"
        style={{ insetInlineStart: percent(from), inlineSize: percent(until - from) }}
      />
      {marks.map((mark) => (
        <Mark key={`${mark.kind}${mark.sequence}`} mark={mark} />
      ))}
    </div>
  );
}

const MARKS: Readonly<Record<LaneMark['kind'], string>> = {
  gate: 'rotate-45 rounded-[1px] bg-verified-solid',
  decision: 'rounded-full bg-waiting-solid',
  failure: 'rotate-45 rounded-[1px] border-[1.5px] border-failed-solid bg-card',
};

function Mark({ mark: { kind, at } }: { readonly mark: LaneMark }) {
  return (
    <i
      className={cx('absolute top-[8px] -ms-1 size-2 ring-2 ring-app', MARKS[kind])}
      style={{ insetInlineStart: percent(at) }}
    />
  );
}

/** The curve from the parent's line down to the branch's. */
function Fork({ at, walked }: { readonly at: number; readonly walked: boolean }) {
  return (
    <svg
      aria-hidden="true"
      className={cx('absolute overflow-visible', walked ? 'text-ink-2' : 'text-line-2')}
      style={{ insetInlineStart: percent(at), top: ROW / 2, width: 1, height: ROW }}
    >
      <path d={`M-28 0C-10 0 -18 ${ROW} 0 ${ROW}`} fill="none" stroke="currentColor" strokeWidth={4} />
    </svg>
  );
}
