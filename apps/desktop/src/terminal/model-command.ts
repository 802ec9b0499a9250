import { resolve } from 'node:path';
import { ModelName, type ModelState, watchWorkspace } from '@soma/schemas/contract';
import {
  addChatFile,
  connectModel,
  giveKey,
  lineOf,
  listNearby,
  preferModel,
  removeAdded,
} from './added-command.ts';
import { sayAway } from './away.ts';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { testModel } from './test-command.ts';
import type { Use } from './use.ts';

type Models = Extract<Use, { verb: 'model' }>;

/** Progress is said each time another so many hundredths are done. */
const STEP = 10;
/** States in which something goes on. */
const GOES_ON: ReadonlySet<ModelState['state']> = new Set(['fetching', 'converting']);

/** Says where models stand, has one fetched or taken from a file, or removes one. */
export function useModels(desk: Desk, use: Models): Promise<Exit> {
  switch (use.what) {
    case 'list':
      return listModels(desk, use.json);
    case 'nearby':
      return listNearby(desk, use.json);
    case 'connect':
      return connectModel(desk, use);
    case 'test':
      return testModel(desk, use.added, use.json);
    case 'prefer':
      return preferModel(desk, use.added);
    case 'key':
      return giveKey(desk, use.added, use.keep);
    case 'fetch': {
      const command = { id: desk.ids.next(), model: use.model };
      return obtain(desk, () => ask(desk, (calls) => calls.model.fetch(command)));
    }
    case 'add':
      return addFile(desk, use);
    case 'remove': {
      const fetched = ModelName.safeParse(use.model);
      return fetched.success ? removeModel(desk, fetched.data) : removeAdded(desk, use.model);
    }
    default:
      return use satisfies never;
  }
}

/** A file is a chat model's, or else that of the one that is fetched. */
async function addFile(desk: Desk, { file, model }: Extract<Models, { what: 'add' }>): Promise<Exit> {
  const path = resolve(desk.startedIn, file);
  const added = /\.gguf$/i.test(path) ? await addChatFile(desk, path) : null;
  if (added !== null) return added;
  const command = { id: desk.ids.next(), model, path };
  return obtain(desk, () => ask(desk, (calls) => calls.model.add(command)));
}

/** A line a model, and why one is not here that should be. */
async function listModels(desk: Desk, json: boolean): Promise<Exit> {
  const { speech } = desk;
  const { models } = await ask(desk, (calls) => calls.model.list({}));
  const { models: added } = await ask(desk, (calls) => calls.chat.list({}));
  if (json) {
    speech.answer(JSON.stringify([...models, ...added], null, 2));
    return EXIT.done;
  }
  for (const model of models) {
    speech.answer(wordsOf(desk, model));
    if (model.fault !== null) speech.sayFault(model.fault);
  }
  for (const model of added) speech.answer(lineOf(desk, model));
  await sayAway(desk);
  return EXIT.done;
}

/** Follows the model until it is here or is not coming. A person who leaves ends what goes on. */
async function obtain(desk: Desk, begin: () => Promise<{ readonly model: ModelState }>): Promise<Exit> {
  const { speech, ids, signal, link } = desk;
  const begun = await begin();
  let state = begun.model;
  const say = progress(desk);
  const over = new AbortController();
  const watching = AbortSignal.any([signal, over.signal]);
  const take = (models: readonly ModelState[]) => {
    state = models.find(({ model }) => model === begun.model.model) ?? state;
    say(state);
    if (!GOES_ON.has(state.state)) over.abort();
  };
  take([state]);
  if (!over.signal.aborted) {
    await watchWorkspace(link, watching, (news) => {
      if (news.type === 'snapshot' || news.type === 'models') take(news.models);
    }).catch((error: unknown) => {
      if (!watching.aborted) throw error;
    });
  }
  if (signal.aborted && !over.signal.aborted) {
    await link.current().model.stop({ id: ids.next(), model: state.model });
    speech.say(speech.translator.t('terminal.model.stopped', { model: state.model }));
    return EXIT.ended;
  }
  if (state.fault !== null) speech.sayFault(state.fault);
  else speech.answer(wordsOf(desk, state));
  return state.state === 'ready' ? EXIT.done : EXIT.ended;
}

async function removeModel(desk: Desk, model: ModelState['model']): Promise<Exit> {
  const command = { id: desk.ids.next(), model };
  const { model: state } = await ask(desk, (calls) => calls.model.remove(command));
  desk.speech.answer(wordsOf(desk, state));
  return EXIT.done;
}

/** Says what goes on when it begins, and how far it is now and then. */
function progress({ speech }: Desk): (state: ModelState) => void {
  let said = '';
  return ({ model, state, done, total }) => {
    if (!GOES_ON.has(state)) return;
    const percent = total === null || total === 0 ? 0 : Math.floor((100 * (done ?? 0)) / total);
    const line = { model, state, percent: percent - (percent % STEP) };
    const key = JSON.stringify(line);
    if (key !== said) speech.say(speech.translator.t('terminal.model.progress', line));
    said = key;
  };
}

function wordsOf({ speech: { translator } }: Desk, model: ModelState): string {
  const { state, source, licence, python } = model;
  const megabytes = (bytes: number) => Math.round(bytes / 1_000_000);
  return translator.t('terminal.model.line', {
    ...{ model: model.model, state, source, licence },
    fetched: megabytes(model.fetchBytes),
    kept: megabytes(model.keptBytes),
    pip: python ? 'yes' : 'no',
  });
}
