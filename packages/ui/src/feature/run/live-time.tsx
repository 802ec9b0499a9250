import { createContext, useContext, useEffect, useRef } from 'react';
import { useFormats } from '../../client/index.ts';

export interface LiveTimeProps {
  /** RFC 3339. */
  readonly since: string;
  /** When it ended; without it the time goes on. */
  readonly until?: string | null;
  /** `clock` is "0:02.4", `duration` is "1.9 s", `waited` is "now" and then "2 m". */
  readonly as: 'clock' | 'duration' | 'waited';
  readonly className?: string;
}

/** The moment (RFC 3339) that everything below is shown at, when that is not now: no time goes on after it. */
export const Moment = createContext<string | null>(null);

/** How often a time that goes on is written, in milliseconds. */
const PACE_MS = 100;

/** A time that goes on, written to the page without rendering anything again. */
export function LiveTime({ since, until: given = null, as, className }: LiveTimeProps) {
  const moment = useContext(Moment);
  const until = given ?? moment;
  const formats = useFormats();
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const from = Date.parse(since);
    const write = () => {
      const ms = Math.max(0, (until === null ? Date.now() : Date.parse(until)) - from);
      if (place.current !== null) place.current.textContent = formats[as](ms);
    };
    write();
    if (until !== null) return;
    const timer = setInterval(write, PACE_MS);
    return () => clearInterval(timer);
  }, [since, until, as, formats]);
  return <bdi ref={place} className={className} />;
}
