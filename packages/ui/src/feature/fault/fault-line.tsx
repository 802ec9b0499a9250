import type { Fault } from '@soma/schemas/event';
import { useFaultText } from '../../client/index.ts';

/** A fault in one line, where there is no room for a card: what happened, what next, and the code. */
export function FaultLine({ fault }: { readonly fault: Fault }) {
  const { title, next, code } = useFaultText()(fault);
  return (
    <span role="alert" className="w-full text-small text-failed-fg">
      {title}. {next} <code className="text-meta">{code}</code>
    </span>
  );
}
