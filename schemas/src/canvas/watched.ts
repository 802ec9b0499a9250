/** A value that can be watched, in the shape React's `useSyncExternalStore` takes. */
export interface Watched<T> {
  readonly get: () => T;
  /** Called after each change. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A watched value and the function that changes it; setting an equal value tells nobody. */
export function watched<T>(
  first: T,
  equal: (a: T, b: T) => boolean = Object.is,
): Watched<T> & { readonly set: (value: T) => void } {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set: (next) => {
      if (equal(value, next)) return;
      value = next;
      for (const listener of listeners) listener();
    },
  };
}
