import type { AddedModel } from '@soma/schemas/contract';

/** Added models as a host tells them, when the test wants. */
export class ChatNews {
  readonly #told: (readonly AddedModel[])[] = [];
  #wake: () => void = () => undefined;

  tell(models: readonly AddedModel[]): void {
    this.#told.push(models);
    this.#wake();
  }

  /** What was told so far, then what will be. */
  async *follow(signal: AbortSignal | undefined) {
    for (let at = 0; signal?.aborted !== true; ) {
      const chat = this.#told[at];
      if (chat === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal?.addEventListener('abort', () => resolve());
        });
      } else {
        at += 1;
        yield { type: 'chat' as const, chat: [...chat] };
      }
    }
  }
}
