/** Tells when a host that was started in the background is not needed any more. */
export interface Life {
  end(): void;
}

export interface LifeOptions {
  /** Whether anyone is connected or any run is at work. */
  readonly isNeeded: () => boolean;
  /** How long, in milliseconds, nobody must have needed it. */
  readonly idleMs: number;
  readonly onIdle: () => void;
}

/** Looks often enough that the end comes at most a tenth of the idle time late. */
export function watchLife({ isNeeded, idleMs, onIdle }: LifeOptions): Life {
  let idleSince = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (isNeeded()) idleSince = now;
    else if (now - idleSince >= idleMs) {
      clearInterval(timer);
      onIdle();
    }
  }, idleMs / 10);
  return { end: () => clearInterval(timer) };
}
