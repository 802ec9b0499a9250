import { RotateCcw } from 'lucide-react';
import { useFormats, useText } from '../../client/index.ts';
import { Icon } from '../../design/index.ts';
import { useResumptions } from '../run/use-resumptions.ts';

/** Where the run went on after it was cut off, and what became of the tools that were under way. */
export function Resumptions({ run }: { readonly run: string }) {
  const text = useText();
  const formats = useFormats();
  const resumptions = useResumptions(run);
  if (resumptions.length === 0) return null;
  return (
    <ul
      aria-label={text('app.resume.taken')}
      className="flex flex-col gap-1.5 border-b border-line px-4 py-2.5"
    >
      {resumptions.map((each) => (
        <li key={`${each.sequence}/${each.task}`} className="flex gap-2.5 text-small text-ink-2">
          <span className="flex h-[1.125rem] items-center">
            <Icon of={RotateCcw} size={14} className="text-ink-3" />
          </span>
          <span className="min-w-0 flex-1">
            <span className="font-medium text-ink">{each.title}</span>{' '}
            {text(`app.resume.after.${each.after}`, {
              step: text(`app.step.${each.step}`),
              number: each.number,
              tool: each.tool,
            })}
          </span>
          <bdi className="flex-none text-meta text-ink-3" title={formats.exact(each.time)}>
            {formats.age(each.time, Date.now())}
          </bdi>
        </li>
      ))}
    </ul>
  );
}
