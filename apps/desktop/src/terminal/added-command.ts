import type { AddedModel, KeyKeeper } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Connecting } from './model-use.ts';
import { printable } from './printable.ts';

/** Adds a model at an endpoint. Its key is typed or piped in, and never part of a command, which other programs can read. */
export async function connectModel(desk: Desk, wish: Connecting): Promise<Exit> {
  const { endpoint, address, model } = wish;
  const { endpoints } = await ask(desk, (calls) => calls.chat.endpoints({}));
  const known = endpoints.find(({ id }) => id === endpoint);
  if (known === undefined) {
    const { speech } = desk;
    const names = endpoints.map(({ id }) => id).join(', ');
    speech.say(speech.translator.t('terminal.wrong.endpoint', { given: printable(endpoint), known: names }));
    return EXIT.wrongUse;
  }
  const isAsked = wish.key || known.key === 'needed';
  const key = isAsked ? await readKey(desk, known.name || (address ?? endpoint)) : null;
  const keep = key === null ? 'session' : await keeperFor(desk, wish.keep);
  const command = {
    id: desk.ids.next(),
    model: { from: 'endpoint', endpoint, address, model, key, keep } as const,
  };
  const answer = await ask(desk, (calls) => calls.chat.add(command));
  desk.speech.answer(lineOf(desk, answer.model));
  return EXIT.done;
}

/** Adds a chat model's file; null where the file is of a model for another work. */
export async function addChatFile(desk: Desk, path: string): Promise<Exit | null> {
  const command = { id: desk.ids.next(), model: { from: 'file', path, contextTokens: null } as const };
  try {
    const answer = await ask(desk, (calls) => calls.chat.add(command));
    desk.speech.answer(lineOf(desk, answer.model));
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const { fault } = error;
    if (fault.code === 'MODEL_FILE_NO_CHAT' && fault.data.reason === 'kind') return null;
    throw error;
  }
}

/** Gives a model another key. */
export async function giveKey(desk: Desk, named: string, wanted: KeyKeeper | null): Promise<Exit> {
  const model = await modelNamed(desk, named);
  const key = await readKey(desk, model.endpointName || (model.address ?? model.model));
  const keep = await keeperFor(desk, wanted);
  const command = { id: desk.ids.next(), added: model.id, key, keep };
  const { models } = await ask(desk, (calls) => calls.chat.giveKey(command));
  for (const one of models) if (one.id === model.id) desk.speech.answer(lineOf(desk, one));
  return EXIT.done;
}

/** Takes a model first. */
export async function preferModel(desk: Desk, named: string): Promise<Exit> {
  const command = { id: desk.ids.next(), added: (await modelNamed(desk, named)).id };
  const { models } = await ask(desk, (calls) => calls.chat.prefer(command));
  for (const model of models) desk.speech.answer(lineOf(desk, model));
  return EXIT.done;
}

export async function removeAdded(desk: Desk, named: string): Promise<Exit> {
  const { id, model } = await modelNamed(desk, named);
  await ask(desk, (calls) => calls.chat.remove({ id: desk.ids.next(), added: id }));
  desk.speech.answer(desk.speech.translator.t('terminal.model.removed', { model: printable(model) }));
  return EXIT.done;
}

/** Names the servers that answer on this computer. */
export async function listNearby(desk: Desk, json: boolean): Promise<Exit> {
  const { speech } = desk;
  const { servers } = await ask(desk, (calls) => calls.chat.nearby({}));
  if (json) speech.answer(JSON.stringify(servers, null, 2));
  else if (servers.length === 0) speech.say(speech.translator.t('terminal.model.nobody-near'));
  else
    for (const { endpoint, endpointName, address, needsKey, models } of servers) {
      const near = { endpoint, name: endpointName, address, key: needsKey ? 'needed' : 'optional' };
      speech.answer(speech.translator.t('terminal.model.near', { ...near, count: models.length }));
      for (const model of models) speech.answer(`  ${printable(model)}`);
    }
  return EXIT.done;
}

/** A model that was added, on one line. */
export function lineOf({ speech: { translator } }: Desk, added: AddedModel): string {
  const { id, model, endpointName, address, file, local, key, exam } = added;
  const { result } = exam;
  const kinds = (result?.kinds ?? []).map((kind) => translator.t(`exam.kind.${kind}`));
  return translator.t('terminal.model.added', {
    ...{ id: printable(id), model: printable(model), local: local ? 'yes' : 'no', key },
    place: printable(file?.path ?? `${endpointName} ${address ?? ''}`.trim()),
    exam:
      exam.running !== null
        ? 'running'
        : result === null
          ? 'none'
          : kinds.length === 0
            ? 'nothing'
            : 'passed',
    kinds: kinds.join(', '),
  });
}

/** The one model of this id or name. Throws MODEL_NOT_ADDED; where several have the name, only an id tells which is meant. */
export async function modelNamed(desk: Desk, named: string): Promise<AddedModel> {
  const { models } = await ask(desk, (calls) => calls.chat.list({}));
  const found = models.find(({ id }) => id === named);
  const alike = models.filter(({ model }) => model === named);
  const [only] = alike;
  if (found !== undefined) return found;
  if (only !== undefined && alike.length === 1) return only;
  for (const model of alike) desk.speech.say(lineOf(desk, model));
  throw new FaultError('MODEL_NOT_ADDED');
}

/** What a person types without its being shown, or pipes in. Empty is none. */
async function readKey({ speech, signal }: Desk, name: string): Promise<string | null> {
  const question = speech.translator.t('terminal.model.key', { name: printable(name) });
  const key = (await speech.askSecret(question, signal)).trim();
  return key === '' ? null : key;
}

/** Where a key goes; what nobody decided is decided by what there is, and said. */
async function keeperFor(desk: Desk, wanted: KeyKeeper | null): Promise<KeyKeeper> {
  if (wanted !== null) return wanted;
  const { keychain } = await ask(desk, (calls) => calls.chat.endpoints({}));
  desk.speech.say(desk.speech.translator.t('terminal.model.keeper', { keychain }));
  return keychain === 'here' ? 'keychain' : 'session';
}
