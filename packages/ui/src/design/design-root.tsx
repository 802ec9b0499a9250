import { Direction, Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';

export interface DesignRootProps {
  readonly dir: 'ltr' | 'rtl';
  readonly children: ReactNode;
}

/** Stands once above everything: direction of keys and menus, and the pace of tips. */
export function DesignRoot({ dir, children }: DesignRootProps) {
  return (
    <Direction.Provider dir={dir}>
      <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
        {children}
      </Tooltip.Provider>
    </Direction.Provider>
  );
}
