import { RotateCcw } from 'lucide-react';
import { useText, useWasCutOff } from '../../client/index.ts';
import { Icon } from '../../design/index.ts';
import { useResumptions } from './use-resumptions.ts';

/** Where a run that was cut off went on, and that its tool was not repeated; nothing of any other. */
export function ResumedLine({ run }: { readonly run: string }) {
  const text = useText();
  const first = useResumptions(run, useWasCutOff(run)).at(-1);
  if (first === undefined) return null;
  const { step, number, tool, after, title } = first;
  const words = text('app.resume.line', {
    after: text(`app.resume.after.${after}`, { step: text(`app.step.${step}`), number, tool }),
  });
  return (
    <span
      className="inline-flex min-w-0 max-w-full items-center gap-1 text-ink-2"
      title={`${title}: ${words}`}
    >
      <Icon of={RotateCcw} size={12} />
      <span className="cut">{words}</span>
    </span>
  );
}
