import { Bot, Maximize, Trash2 } from 'lucide-react';
import { Button } from './button.tsx';
import { Surface } from './card.tsx';
import { Chip, Citation } from './chip.tsx';
import samples from './component-page-samples.json';
import { cx } from './cx.ts';
import { EdgeBadge, EdgeHeads, type EdgeKind, EdgePath } from './edge.tsx';
import { Icon } from './icon.tsx';
import { Cursor } from './person.tsx';
import { EvidenceRow, StreamRow } from './row.tsx';
import { TipFace } from './tip.tsx';
import { ToastFace } from './toast.tsx';
import { Track } from './track.tsx';

const SIZES = [
  'text-display',
  'text-page',
  'text-title',
  'text-reading',
  'text-body',
  'text-small text-ink-2',
  'text-meta text-ink-3',
  'mono text-small',
];

export function TypeSamples() {
  return (
    <Surface className="px-3.5 py-2">
      {samples.type.rows.map(([size, words], place) => (
        <div key={words} className="flex items-baseline gap-2">
          <span className="w-11 flex-none text-meta text-ink-3">{size}</span>
          <span className={cx('cut', SIZES[place])}>{words}</span>
        </div>
      ))}
    </Surface>
  );
}

export function TrackSample() {
  return (
    <Surface className="px-3.5 pt-3 pb-2.5">
      <Track large state="running" at={4} label={samples.track.label} />
      <div className="mt-1.5 flex justify-between text-meta text-ink-3">
        {samples.track.names.map((name, place) => (
          <span key={name} className={place === 3 ? 'font-semibold text-ink' : ''}>
            {name}
          </span>
        ))}
      </div>
    </Surface>
  );
}

const EDGE_KINDS: readonly EdgeKind[] = ['done', 'active', 'waits', 'person', 'failed', 'link'];

export function EdgeSamples() {
  const { rows, count, approval, failure } = samples.edges;
  const badge = (kind: EdgeKind) => {
    if (kind === 'active')
      return (
        <EdgeBadge kind="active" label={count}>
          {count}
        </EdgeBadge>
      );
    if (kind === 'person' || kind === 'failed') {
      return (
        <EdgeBadge kind={kind} label={kind === 'person' ? approval : failure} onOpen={() => undefined} />
      );
    }
    return null;
  };
  return (
    <Surface className="h-[166px] px-3.5 py-2.5">
      <EdgeHeads />
      {EDGE_KINDS.map((kind, place) => (
        <div key={kind} className="flex h-6 items-center gap-4">
          <span className="relative flex h-full w-[150px] items-center justify-center">
            <svg width="150" height="24" className="absolute inset-0" aria-hidden="true">
              <EdgePath kind={kind} path="M6 12H150" />
            </svg>
            {badge(kind)}
          </span>
          <span className="text-meta font-medium text-ink-2">{rows[place]?.word}</span>
        </div>
      ))}
    </Surface>
  );
}

export function CursorSamples() {
  const { person, agent, why } = samples.cursor;
  return (
    <Surface className="relative h-[62px] bg-canvas!">
      <span className="absolute start-3.5 top-1.5">
        <Cursor hue="p1" name={person} />
      </span>
      <span className="absolute start-[110px] top-1">
        <Cursor hue="p7" name={agent} icon={Bot} why={why} />
      </span>
    </Surface>
  );
}

export function StreamSamples() {
  const { since, running, tool, call, verdict, duration, verified, quote, file, line, open } = samples.stream;
  return (
    <Surface>
      <StreamRow
        narrow
        className="border-t-0"
        since={since}
        state={{ name: 'running', label: running }}
        tool={tool}
        call={call}
        verdict={<Chip>{verdict}</Chip>}
        duration={duration}
      />
      <EvidenceRow
        state={{ name: 'verified', label: verified }}
        quote={quote}
        citation={<Citation file={file} line={line} label={open} />}
      />
    </Surface>
  );
}

export function TipSamples() {
  const { tip, keys, toast, undo, fit } = samples.tip;
  return (
    <div className="flex items-center gap-3">
      <TipFace text={tip} keys={keys} />
      <ToastFace icon={Trash2} act={undo}>
        {toast}
      </ToastFace>
      <Button aria-label={fit} className="outline-2 outline-offset-2 outline-accent">
        <Icon of={Maximize} size={15} />
      </Button>
    </div>
  );
}
