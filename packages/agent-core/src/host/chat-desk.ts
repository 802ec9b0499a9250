import type { AddedModel, ExamResult } from '@soma/schemas/contract';
import { FaultError, fault, type Scope } from '@soma/schemas/event';
import type { ExamPart } from '@soma/schemas/turn';
import { EXAM_VERSION, type Examination, examine, faultResult } from '../exam/index.ts';
import type { AddedModels, ChatModel, Clock, Hasher, Ids, ModelProvider } from '../port/index.ts';

export interface ChatDeskParts {
  readonly added: AddedModels;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hasher: Hasher;
  /** The model's provider, whose answers are learned from. */
  readonly seen: (model: ChatModel) => ModelProvider;
}

/** An examination that goes on. */
interface Sitting {
  readonly since: string;
  readonly control: AbortController;
  part: ExamPart;
  done: number;
  questions: number;
  over: Promise<void>;
}

/** The models that people added, with the examinations that go on in this process. */
export class ChatDesk {
  readonly #parts: ChatDeskParts;
  readonly #sittings = new Map<string, Sitting>();
  readonly #listeners = new Set<() => void>();

  constructor(parts: ChatDeskParts) {
    this.#parts = parts;
    parts.added.watch(() => this.#tell());
  }

  states(scope: Scope): AddedModel[] {
    return this.#parts.added.states(scope).map((model) => {
      const sitting = this.#sittings.get(model.id);
      if (sitting === undefined) return model;
      const { since, part, done, questions } = sitting;
      return { ...model, exam: { ...model.exam, running: { since, part, done, questions } } };
    });
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to examine a model, if nobody does. Throws FaultError MODEL_NOT_ADDED. */
  examine(scope: Scope, added: string): void {
    const model = this.#modelOf(scope, added);
    if (this.#sittings.has(added)) return;
    const control = new AbortController();
    const sitting: Sitting = {
      ...{ since: this.#parts.clock.now(), control, part: 'schema', done: 0, questions: 0 },
      over: Promise.resolve(),
    };
    this.#sittings.set(added, sitting);
    sitting.over = this.#sit(scope, model, sitting).finally(() => {
      this.#sittings.delete(added);
      this.#tell();
    });
    this.#tell();
  }

  /** Ends an examination; resolves when nothing of it goes on. Rejects with FaultError MODEL_NOT_ADDED. */
  async stop(scope: Scope, added: string): Promise<void> {
    this.#modelOf(scope, added);
    await this.#end(added);
  }

  async remove(scope: Scope, added: string): Promise<void> {
    await this.#end(added);
    await this.#parts.added.change(scope, added, { type: 'remove' });
  }

  /** Ends every examination; what an earlier one found stays. */
  async close(): Promise<void> {
    await Promise.all([...this.#sittings.keys()].map((added) => this.#end(added)));
  }

  async #end(added: string): Promise<void> {
    const sitting = this.#sittings.get(added);
    sitting?.control.abort();
    await sitting?.over;
  }

  async #sit(scope: Scope, model: ChatModel, sitting: Sitting): Promise<void> {
    const { id: added } = model;
    const { clock, ids, hasher, seen } = this.#parts;
    const { signal } = sitting.control;
    const id = ids.next();
    // Nobody can know beforehand what will be asked.
    const seed = Number.parseInt(hasher.sha256(id).slice(0, 8), 16);
    try {
      const result = await this.#examined({
        ...{ provider: seen(model), clock, scope, signal, id, seed },
        onProgress: (progress) => {
          Object.assign(sitting, progress);
          this.#tell();
        },
      });
      await this.#parts.added.change(scope, added, { type: 'examined', result, version: EXAM_VERSION });
    } catch (error) {
      // What was stopped, or removed meanwhile, leaves nothing.
      if (!signal.aborted && !(error instanceof FaultError)) throw error;
    }
  }

  /** What the product itself did wrong is said of the examination, as every other fault. */
  async #examined(examination: Examination): Promise<ExamResult> {
    try {
      return await examine(examination);
    } catch (error) {
      examination.signal.throwIfAborted();
      const unexpected = error instanceof FaultError ? error.fault : fault('INTERNAL');
      return faultResult(examination.clock.now(), unexpected);
    }
  }

  #modelOf(scope: Scope, added: string): ChatModel {
    const model = this.#parts.added.list(scope).find(({ id }) => id === added);
    if (model === undefined) throw new FaultError('MODEL_NOT_ADDED');
    return model;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
