import type { RecordedEvent, Scope } from '@soma/schemas/event';

type Listener = (events: readonly RecordedEvent[]) => void;

interface Telling {
  readonly scope: Scope;
  readonly events: readonly RecordedEvent[];
}

/**
 * Who is told of commits. Everybody hears of one commit before anybody hears of the next, even when a listener commits itself. A
 * listener that throws harms neither the commit nor the others: its error is thrown on by itself, later.
 */
export class Listeners {
  readonly #listeners = new Map<Listener, Scope>();
  readonly #waiting: Telling[] = [];
  #telling = false;

  add(scope: Scope, listener: Listener): () => void {
    const mine: Listener = (events) => listener(events);
    this.#listeners.set(mine, scope);
    return () => this.#listeners.delete(mine);
  }

  tell(scope: Scope, events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    this.#waiting.push({ scope, events });
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      this.#tellAll(next);
    this.#telling = false;
  }

  #tellAll({ scope, events }: Telling): void {
    for (const [listener, { tenant, workspace }] of [...this.#listeners]) {
      if (tenant !== scope.tenant || workspace !== scope.workspace || !this.#listeners.has(listener))
        continue;
      try {
        listener(events);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
