import { type RefObject, useEffect, useRef } from 'react';

/** Nearer to the end than this many pixels is at the end. */
const NEAR = 24;

/**
 * Keeps a box that scrolls at its end while what is in it grows, as long as the person is there; where they scrolled away, nothing moves.
 * `box` scrolls, `inside` grows.
 */
export function useEnd(box: RefObject<HTMLElement | null>, inside: RefObject<HTMLElement | null>): void {
  const atEnd = useRef(true);
  useEffect(() => {
    const [scrolls, grows] = [box.current, inside.current];
    if (scrolls === null || grows === null) return;
    const onScroll = () => {
      atEnd.current = scrolls.scrollHeight - scrolls.scrollTop - scrolls.clientHeight < NEAR;
    };
    const observer = new ResizeObserver(() => {
      if (atEnd.current) scrolls.scrollTop = scrolls.scrollHeight;
    });
    scrolls.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(grows);
    observer.observe(scrolls);
    return () => {
      scrolls.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, [box, inside]);
}
