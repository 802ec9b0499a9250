import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AddedModel, EndpointView, ExamResult, KnownOfModel, ModelToAdd } from '@soma/schemas/contract';
import { type Fault, FaultError, type Scope } from '@soma/schemas/event';
import type { ExamPart } from '@soma/schemas/turn';
import type {
  AddedChange,
  AddedModels,
  ChatModel,
  Clock,
  ModelProvider,
  SecretStore,
} from '../../port/index.ts';
import { plainAddress } from './address.ts';
import { keyed } from './keyed.ts';
import { type AddedRecord, identityOf, keyNameOf, readRecords, type Where, writeRecords } from './record.ts';
import { viewOf } from './view.ts';

export type { Where } from './record.ts';

type InFile = Extract<Where, { from: 'file' }>;

/** A provider on an added model, and how to let go of it. */
export interface Connected {
  readonly provider: ModelProvider;
  close(): Promise<void>;
}

export interface AddedModelListOptions {
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly endpoints: readonly EndpointView[];
  /** What was read of a model at an endpoint; null where nothing was. */
  readonly known: (endpoint: string, model: string) => KnownOfModel | null;
  /** What a chat model's file says of itself, with its hash. Rejects with FILE_GONE, FILE_UNREADABLE, MODEL_FILE_NO_CHAT. */
  readonly inspect: (path: string, contextTokens: number | null) => Promise<InFile>;
  /** `secret` is the name of its key; null where it has none. Asks nobody. */
  readonly connect: (where: Where, secret: string | null) => Connected;
  /** The version of the examination whose results count. */
  readonly examVersion: number;
  readonly passedIn: (result: ExamResult | null) => readonly ExamPart[];
}

/** The models that people added, in a file of the data folder; their keys lie elsewhere. */
export class AddedModelList implements AddedModels {
  readonly #options: AddedModelListOptions;
  readonly #file: string;
  readonly #listeners = new Set<() => void>();
  readonly #connected = new Map<string, Connected>();
  /** What was found wrong when the list was read. */
  readonly fault: Fault | null;
  #records: readonly AddedRecord[];
  /** Changes are made one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: AddedModelListOptions) {
    this.#options = options;
    this.#file = join(options.dataFolder, 'added', 'models.json');
    const { records, fault } = readRecords(this.#file, options.clock.now());
    this.#records = records;
    this.fault = fault;
  }

  list(scope: Scope): readonly ChatModel[] {
    return this.#records.map((record) => {
      const { id, endpoint, model, address, local, known } = this.#state(scope, record);
      const { price, contextTokens, outputTokens } = known;
      return {
        ...{ id, model, endpoint, address, local, price, contextTokens, outputTokens },
        passed: this.#options.passedIn(this.#resultOf(record)),
        provider: this.#connect(scope, record).provider,
      };
    });
  }

  states(scope: Scope): readonly AddedModel[] {
    return this.#records.map((record) => this.#state(scope, record));
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(request: { scope: Scope; id: string; model: ModelToAdd }): Promise<AddedModel> {
    return this.#inTurn(async () => {
      const { scope, id, model } = request;
      const where = await this.#whereOf(model);
      const same = this.#records.find((record) => identityOf(record) === identityOf({ where }));
      const before = this.#records.find((record) => record.id === id);
      if (before !== undefined && before !== same) throw new FaultError('ID_REUSED', { id });
      if (before !== undefined) return this.#state(scope, before);
      if (same !== undefined) throw new FaultError('MODEL_ADDED_ALREADY', { model: where.model });
      const key = model.from === 'endpoint' ? given(model.key) : null;
      const keep = model.from === 'endpoint' ? model.keep : 'session';
      if (key === null && this.#needsKey(where)) {
        const host = where.from === 'endpoint' ? new URL(where.address).host : '';
        throw new FaultError('MODEL_KEY_MISSING', { host });
      }
      if (key !== null)
        await this.#options.secrets.keep({
          scope,
          name: keyNameOf({ id, where }),
          secret: key,
          keeper: keep,
        });
      const addedAt = this.#options.clock.now();
      const record: AddedRecord = { id, where, key: key === null ? 'none' : keep, addedAt, exam: null };
      this.#write([...this.#records, record]);
      return this.#state(scope, record);
    });
  }

  change(scope: Scope, added: string, change: AddedChange): Promise<void> {
    return this.#inTurn(async () => {
      const found = this.#records.find(({ id }) => id === added);
      const rest = this.#records.filter(({ id }) => id !== added);
      if (found === undefined) {
        if (change.type === 'remove') return;
        throw new FaultError('MODEL_NOT_ADDED');
      }
      switch (change.type) {
        case 'prefer':
          return this.#write([found, ...rest]);
        case 'remove':
          this.#write(rest);
          await this.#forget(scope, found);
          return;
        case 'key':
          return this.#giveKey(scope, found, change);
        case 'examined': {
          const { version, result } = change;
          return this.#replace({ ...found, exam: { version, of: identityOf(found), result } });
        }
        default:
          return change satisfies never;
      }
    });
  }

  /** The name under which a model's key is kept; null where no such model was added. */
  keyName(added: string): string | null {
    const record = this.#records.find(({ id }) => id === added);
    return record === undefined ? null : keyNameOf(record);
  }

  /** Drops keys whose models are gone: those of a process that died between the two. Where there is no list, nobody knows which. */
  async tidy(scope: Scope): Promise<void> {
    if (!existsSync(this.#file)) return;
    const names = this.#records.map(keyNameOf);
    await this.#inTurn(() => this.#options.secrets.keepOnly(scope, names));
  }

  async close(): Promise<void> {
    await this.#turn;
    for (const connected of this.#connected.values()) await connected.close();
    this.#connected.clear();
  }

  async #giveKey(
    scope: Scope,
    record: AddedRecord,
    { key, keep }: Extract<AddedChange, { type: 'key' }>,
  ): Promise<void> {
    const secret = given(key);
    const { secrets } = this.#options;
    const name = keyNameOf(record);
    if (secret !== null) await secrets.keep({ scope, name, secret, keeper: keep });
    this.#replace({ ...record, key: secret === null ? 'none' : keep });
    if (secret === null) await this.#dropKey(scope, name);
  }

  async #forget(scope: Scope, record: AddedRecord): Promise<void> {
    const { id } = record;
    await this.#dropKey(scope, keyNameOf(record));
    await this.#connected.get(id)?.close();
    this.#connected.delete(id);
  }

  async #dropKey(scope: Scope, name: string): Promise<void> {
    const names = this.#records.map(keyNameOf).filter((kept) => kept !== name);
    await this.#options.secrets.keepOnly(scope, names);
  }

  #connect(scope: Scope, { id, where }: AddedRecord): Connected {
    const name = keyNameOf({ id, where });
    const before = this.#connected.get(id);
    if (before !== undefined) return before;
    const { connect, secrets } = this.#options;
    const made = connect(where, where.from === 'file' ? null : name);
    const isKeyHere = () => {
      const record = this.#records.find((one) => one.id === id);
      return record?.key === 'none' || ['keychain', 'session'].includes(secrets.place(scope, name));
    };
    const host = where.from === 'file' ? '' : new URL(where.address).host;
    const connected = { ...made, provider: keyed(made.provider, isKeyHere, host) };
    this.#connected.set(id, connected);
    return connected;
  }

  async #whereOf(model: ModelToAdd): Promise<Where> {
    if (model.from === 'file') return this.#options.inspect(model.path, model.contextTokens);
    const endpoint = this.#options.endpoints.find(({ id }) => id === model.endpoint);
    if (endpoint === undefined) throw new FaultError('INVALID_INPUT', { field: 'endpoint' });
    const name = model.model.trim();
    if (name === '') throw new FaultError('INVALID_INPUT', { field: 'model' });
    const address = plainAddress(model.address ?? endpoint.address);
    return { from: 'endpoint', endpoint: endpoint.id, address, model: name };
  }

  #needsKey(where: Where): boolean {
    if (where.from === 'file') return false;
    return this.#options.endpoints.some(({ id, key }) => id === where.endpoint && key === 'needed');
  }

  #resultOf(record: AddedRecord): ExamResult | null {
    const { exam } = record;
    const counts = exam?.version === this.#options.examVersion && exam.of === identityOf(record);
    return counts ? exam.result : null;
  }

  #state(scope: Scope, record: AddedRecord): AddedModel {
    const { endpoints, known, secrets } = this.#options;
    const place = secrets.place(scope, keyNameOf(record));
    return viewOf(record, { endpoints, known, place, result: this.#resultOf(record) });
  }

  #replace(record: AddedRecord): void {
    this.#write(this.#records.map((one) => (one.id === record.id ? record : one)));
  }

  #write(records: readonly AddedRecord[]): void {
    writeRecords(this.#file, records);
    this.#records = records;
    for (const listener of this.#listeners) listener();
  }

  #inTurn<Made>(work: () => Promise<Made>): Promise<Made> {
    const made = this.#turn.then(work);
    this.#turn = made.catch(() => undefined);
    return made;
  }
}

function given(key: string | null): string | null {
  const trimmed = key?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
