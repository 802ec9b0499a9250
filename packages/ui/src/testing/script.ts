import type {
  AddedModel,
  BackupsView,
  EndpointView,
  FileView,
  FolderView,
  Keychain,
  ListedPlan,
  ModelState,
  NearbyServer,
  PlanMatch,
  ProvenBackup,
  QueueView,
  Rechecked,
  Reconciled,
} from '@soma/schemas/contract';
import type { Delta } from '@soma/schemas/delta';
import type { Fault, Permission, RecordedRunEvent } from '@soma/schemas/event';
import type { Canvas, Folder } from '@soma/schemas/workspace';
import type { OfferedModel, Undone } from '../client/index.ts';
import type { ChatNews } from './chat-news.ts';

/** What a scripted host knows, and what it answers to commands. */
export interface Script {
  readonly folders?: readonly Folder[];
  readonly canvases?: readonly Canvas[];
  readonly permissions?: readonly Permission[];
  /** The log of each run. */
  readonly runs?: readonly (readonly RecordedRunEvent[])[];
  readonly contents?: Readonly<Record<string, string>>;
  readonly plans?: readonly PlanMatch[];
  /** A person's own plans. */
  readonly ownPlans?: readonly ListedPlan[];
  /** Everything that is wrong with a plan that is to be kept. */
  readonly planFaults?: readonly Fault[];
  readonly files?: Readonly<Record<string, FileView>>;
  readonly view?: FolderView;
  readonly faults?: readonly Fault[];
  /** Every model, as it stands. */
  readonly models?: readonly ModelState[];
  /** Models that people added, and as the test goes on. */
  readonly chat?: readonly AddedModel[];
  readonly chatNews?: ChatNews;
  readonly endpoints?: readonly EndpointView[];
  readonly keychain?: Keychain;
  /** Servers that answer near; with a function, as it answers each time. */
  readonly nearby?: readonly NearbyServer[] | (() => readonly NearbyServer[]);
  /** What every endpoint lists. */
  readonly offered?: readonly OfferedModel[];
  /** What comes of adding a model. */
  readonly toBeAdded?: AddedModel;
  /** The events behind which the logs of all runs went on in a further segment. */
  readonly segments?: readonly number[];
  /** What comes of checking every claim again. */
  readonly rechecked?: readonly Rechecked[];
  /** What comes of the runs after their log, as the test goes on. */
  readonly live?: LiveNews;
  /** What comes of an undo of files; all that were asked for are restored, when left out. */
  readonly undone?: Undone;
  readonly queue?: QueueView;
  /** What a comparison of log and consumers finds. */
  readonly reconciled?: Reconciled;
  /** Backups in any folder; with a function, as it answers each time. */
  readonly backups?: BackupsView | (() => BackupsView);
  /** What comes of a backup, when it comes. */
  readonly backup?: Promise<ProvenBackup>;
  /** Refuses these commands, by their name such as `goal.submit`; an answer also by `approval.answer` and its approval. */
  readonly refused?: Readonly<Record<string, Fault>>;
}

/** News of a run that a test tells everyone who watches it, when it wants. */
export class LiveNews {
  readonly #listeners = new Set<() => void>();
  readonly #told: { readonly events: readonly RecordedRunEvent[]; readonly deltas: readonly Delta[] }[] = [];

  tell(events: readonly RecordedRunEvent[], deltas: readonly Delta[] = []): void {
    this.#told.push({ events, deltas });
    for (const listener of this.#listeners) listener();
  }

  /** The events that were told so far. */
  get told(): readonly RecordedRunEvent[] {
    return this.#told.flatMap(({ events }) => events);
  }

  /** What was told so far, then what will be. */
  async *follow(signal: AbortSignal | undefined) {
    for (let at = 0; signal?.aborted !== true; ) {
      const news = this.#told[at];
      if (news === undefined) await this.#more(signal);
      else {
        at += 1;
        yield { type: 'batch' as const, events: [...news.events], deltas: [...news.deltas] };
      }
    }
  }

  #more(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#listeners.delete(end);
        resolve();
      };
      this.#listeners.add(end);
      signal?.addEventListener('abort', end);
    });
  }
}
