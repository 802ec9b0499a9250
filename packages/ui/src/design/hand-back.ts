import { type RefObject, useLayoutEffect } from 'react';

/**
 * Hands the focus on when what had it goes away with the element it lay in: to the nearest thing around it that takes the focus, or to the
 * first that answers `or`. Without it the next Tab would begin at the window's start.
 */
export function useHandBack(place: RefObject<HTMLElement | null>, or: string): void {
  useLayoutEffect(() => {
    const here = place.current;
    const around = here?.parentElement?.closest<HTMLElement>('[tabindex]') ?? null;
    return () => {
      if (here?.contains(document.activeElement) !== true) return;
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        const next = around?.isConnected === true ? around : document.querySelector<HTMLElement>(or);
        next?.focus({ preventScroll: true });
      });
    };
  }, [place, or]);
}
