import { useEffect, useRef } from 'react';
import { useClient, useNoteText, usePast, useRunDeltas } from '../../client/index.ts';
import { ProgressBar } from '../../design/index.ts';

/** How far a call is, in words and as a bar. Written straight to the page: progress never passes through React state. */
export function CallMeter(props: { readonly call: string; readonly run: string }) {
  // What passes now is not what passed then.
  return usePast(props.run) === null ? <LiveMeter {...props} /> : null;
}

function LiveMeter({ call, run }: { readonly call: string; readonly run: string }) {
  const deltas = useRunDeltas(run);
  const { translator } = useClient();
  const say = useNoteText();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const write = () => {
      const progress = deltas.latest(call)?.progress;
      const meter = place.current;
      if (progress === undefined || meter === null) return;
      meter.hidden = false;
      const { done, total, note } = progress;
      const part = total === null || total === 0 ? null : Math.min(1, done / total);
      const [words, percent] = meter.querySelectorAll('span');
      if (words !== undefined) words.textContent = say(note);
      if (percent !== undefined)
        percent.textContent = part === null ? '' : translator.t('app.inspector.percent', { part });
      const bar = meter.querySelector<HTMLElement>('[role="progressbar"]');
      const fill = bar?.firstElementChild;
      bar?.setAttribute('aria-valuenow', String(Math.round((part ?? 0) * 100)));
      if (fill instanceof HTMLElement) fill.style.inlineSize = `${(part ?? 0) * 100}%`;
    };
    write();
    return deltas.subscribe((calls) => {
      if (calls.has(call)) write();
    });
  }, [deltas, call, say, translator]);
  return (
    <div ref={place} hidden className="border-t border-line px-2.5 pt-1.5 pb-2.5 text-small">
      <p className="flex gap-2">
        <span className="min-w-0 flex-1" />
        <span className="text-ink-3 tabular-nums" />
      </p>
      <ProgressBar value={0} tone="running" label={translator.t('app.inspector.progress')} className="mt-1" />
    </div>
  );
}
