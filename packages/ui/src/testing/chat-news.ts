import type { AddedModel, ModelsAway, WorkspaceNews } from '@soma/schemas/contract';

/** What a host tells of added models, when the test wants. */
export class ChatNews {
  readonly #told: WorkspaceNews[] = [];
  #wake: () => void = () => undefined;

  tell(models: readonly AddedModel[]): void {
    this.#told.push({ type: 'chat', chat: [...models] });
    this.#wake();
  }

  tellAway(away: ModelsAway): void {
    this.#told.push({ type: 'away', away });
    this.#wake();
  }

  /** What was told so far, then what will be. */
  async *follow(signal: AbortSignal | undefined) {
    for (let at = 0; signal?.aborted !== true; ) {
      const news = this.#told[at];
      if (news === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal?.addEventListener('abort', () => resolve());
        });
      } else {
        at += 1;
        yield news;
      }
    }
  }
}
