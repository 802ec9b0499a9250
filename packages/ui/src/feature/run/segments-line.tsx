import { ScrollText } from 'lucide-react';
import { useRunRow, useText } from '../../client/index.ts';
import { Icon } from '../../design/index.ts';

/** That the log of a long run goes on in a further part; nothing of any other. */
export function SegmentsLine({ run }: { readonly run: string }) {
  const text = useText();
  const segments = useRunRow(run)?.segments ?? [];
  const after = segments.at(-1);
  if (after === undefined) return null;
  return (
    <p className="flex flex-none gap-2.5 border-b border-line px-4 pb-2.5 text-small text-ink-2">
      <span className="flex h-[1.125rem] items-center">
        <Icon of={ScrollText} size={14} className="text-ink-3" />
      </span>
      {text('app.run.segments', { part: segments.length + 1, after })}
    </p>
  );
}
