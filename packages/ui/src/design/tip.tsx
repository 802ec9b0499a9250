import { Tooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

export interface TipProps {
  /** What the tip says: the full form of a cut text, or the name of an icon button. */
  readonly text: ReactNode;
  readonly keys?: readonly string[];
  /** One focusable element. */
  readonly children: ReactElement;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
}

/** A dark label near its element, shown on hover and on keyboard focus. Needs a `DesignRoot` above it. */
export function Tip({ text, keys, children, side = 'bottom' }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content side={side} sideOffset={6} collisionPadding={8} className="z-30 animate-appear">
          <TipFace text={text} keys={keys} />
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** The tip's face alone, for a place that shows it without a pointer. */
export function TipFace({ text, keys }: Pick<TipProps, 'text' | 'keys'>) {
  return (
    <span className="inline-flex max-w-80 flex-none items-center gap-1.5 rounded-control border border-transparent bg-tip px-2 py-0.5 text-small text-on-tip">
      <span>{text}</span>
      {keys !== undefined && (
        <span dir="ltr" className="whitespace-nowrap opacity-75">
          {keys.join(' ')}
        </span>
      )}
    </span>
  );
}
