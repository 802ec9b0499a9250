import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Answer, createFindTools, type FindOptions } from '@soma/agent-core/adapter/tool-find';
import { openRealModel, type RealModel } from '@soma/agent-core/testing/real-model';
import { figureOf, machine, rounded } from './part/figure.ts';
import { miniSearchPeer, type Peer, plainReading } from './part/find-peer.ts';
import { answeredBy, placeFolders, type Question, questionsOf } from './part/find-questions.ts';
import { writeSources } from './part/sources.ts';

// Finding answers in folders by words alone: how often the answer is within the three quotes, how often it is called found where
// there is none, and how long it takes on 10,000 files, each question with its look for what changed. The folders are pinned, the
// keys were committed before the tool was tuned, and it was tuned on the other set. The peers: MiniSearch, and reading every file.
// Apart from that: the same questions with the real MiniLM, when they are first asked and when it knows the passages already.

const LIMITS = { inThree: 0.95, falseFound: 0.1, p95Ms: 100, indexSeconds: 20 };
const FILES = 10_000;
/** Questions that every peer is asked on 10,000 files: reading all of them each time is slow. */
const PEER_QUESTIONS = 20;
const PERSON = { kind: 'person', id: 'bench' } as const;
const TRACE = `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00`;

const work = await mkdtemp(join(tmpdir(), 'soma-bench-'));
const model = await openRealModel();
try {
  process.stdout.write(`${JSON.stringify(await measure(work), null, 2)}\n`);
} finally {
  if (model.ok) await model.close();
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

async function measure(root: string) {
  const tune = questionsOf('find-tune');
  const bench = questionsOf('find-bench');
  const folders = await placeFolders([...tune, ...bench]);
  try {
    const ask = asker({ dataFolder: join(root, 'data') });
    const peers = [await miniSearchPeer(), plainReading];
    const accuracy = { bench: await accuracyOf(bench, ask), tune: await accuracyOf(tune, ask) };
    const withModel = model.ok ? await meant(model) : { absent: model.code };
    const peersAccuracy = [];
    for (const peer of peers) peersAccuracy.push(await peerAccuracy(peer, bench, folders.at));
    const many = join(root, 'many');
    await writeSources(many, FILES);
    for (const [name, path] of folders.all) await cp(path, join(many, 'real', name), { recursive: true });
    return {
      bench: 'find',
      machine: machine(),
      limits: LIMITS,
      accuracy,
      withModel,
      peersAccuracy,
      manyFiles: await speed(many, [...bench, ...tune], join(root, 'data')),
      peersManyFiles: await peersSpeed(peers, many, bench.slice(0, PEER_QUESTIONS)),
    };

    async function meant({ provider }: Extract<RealModel, { ok: true }>) {
      const asking = asker({ dataFolder: join(root, 'with-model'), model: provider });
      // Folders are indexed and the model is loaded before anything is timed.
      for (const { folder, question } of bench.slice(0, 1)) await asking(folders.at(folder), question);
      const first = { bench: await accuracyOf(bench, asking), tune: await accuracyOf(tune, asking) };
      return {
        first,
        again: { bench: await accuracyOf(bench, asking), tune: await accuracyOf(tune, asking) },
      };
    }

    async function accuracyOf(questions: readonly Question[], asking: Ask) {
      const rows = [];
      const times = [];
      for (const question of questions) {
        const started = performance.now();
        const { found, passages, ranking } = await asking(folders.at(question.folder), question.question);
        times.push(performance.now() - started);
        rows.push({ question, found, ranking, at: answeredBy(question, passages) });
      }
      const answerable = rows.filter(({ question }) => question.answers.length > 0);
      const others = rows.filter(({ question }) => question.answers.length === 0);
      return {
        answerable: answerable.length,
        unanswerable: others.length,
        inThree: share(answerable, ({ at }) => at >= 0),
        first: share(answerable, ({ at }) => at === 0),
        inThreeAndFound: share(answerable, ({ at, found }) => at >= 0 && found),
        missedFound: share(answerable, ({ found }) => !found),
        falseFound: share(others, ({ found }) => found),
        byMeaning: share(rows, ({ ranking }) => ranking === 'meaning'),
        questionMs: figureOf(times),
      };
    }
  } finally {
    await folders.remove();
  }
}

/** Times on one large folder, in milliseconds unless named otherwise. */
async function speed(folder: string, questions: readonly Question[], data: string) {
  const ask = asker({ dataFolder: data });
  const [first = ''] = questions.map(({ question }) => question);
  const started = performance.now();
  const { searched } = await ask(folder, first);
  const indexSeconds = (performance.now() - started) / 1000;
  // What was written a moment ago is in doubt once: the second look reads it again.
  const again = performance.now();
  await ask(folder, first);
  const doubtSeconds = (performance.now() - again) / 1000;
  const times = [];
  const busy = [];
  for (const { question } of questions) {
    const before = process.cpuUsage();
    times.push(await timed(() => ask(folder, question)));
    const { user, system } = process.cpuUsage(before);
    busy.push((user + system) / 1000);
  }
  await appendFile(join(folder, 'src', '1', 'file1.js'), '// the elephant sleeps here\n');
  const changed = await timed(async () => {
    const { index } = await ask(folder, 'where does the elephant sleep');
    if (index.changed !== 1) throw new Error(`${index.changed} files were read again`);
  });
  // A start of the product later: another thread, which walks the folder first.
  const cold = await timed(() => asker({ dataFolder: data })(folder, first));
  return {
    files: searched.files,
    lines: searched.lines,
    indexSeconds: rounded(indexSeconds),
    secondLookSeconds: rounded(doubtSeconds),
    questionMs: figureOf(times),
    // The processor's time of all threads: what it takes on a machine that does other work beside it.
    questionProcessorMs: figureOf(busy),
    afterOneChangeMs: rounded(changed),
    firstAfterStartMs: rounded(cold),
  };
}

async function peersSpeed(peers: readonly Peer[], folder: string, questions: readonly Question[]) {
  const figures = [];
  for (const peer of peers) {
    const started = performance.now();
    const ask = await peer.open(folder);
    const openSeconds = rounded((performance.now() - started) / 1000);
    const times = [];
    for (const { question } of questions) times.push(await timed(() => ask(question)));
    figures.push({ peer: peer.name, openSeconds, questionMs: figureOf(times) });
  }
  return figures;
}

async function peerAccuracy(
  peer: Peer,
  questions: readonly Question[],
  at: (name: Question['folder']) => string,
) {
  const answerable = questions.filter(({ answers }) => answers.length > 0);
  const opened = new Map<string, Awaited<ReturnType<Peer['open']>>>();
  const places: number[] = [];
  for (const question of answerable) {
    const ask = opened.get(question.folder) ?? (await peer.open(at(question.folder)));
    opened.set(question.folder, ask);
    places.push(answeredBy(question, await ask(question.question)));
  }
  return {
    peer: peer.name,
    inThree: share(places, (place) => place >= 0),
    first: share(places, (place) => place === 0),
  };
}

type Ask = ReturnType<typeof asker>;

/** Calls the tool as the engine does. */
function asker(options: FindOptions) {
  const [tool] = createFindTools(options);
  if (tool === undefined) throw new Error('there is no tool');
  return async (folder: string, question: string): Promise<Answer> => {
    const result = await tool.call(
      { question },
      {
        scope: { tenant: 'local', workspace: 'local', actor: [PERSON], traceparent: TRACE, causation: null },
        ...{ run: 'bench', task: 'find', call: 'find', key: 'find', canvas: 'bench', folder },
        ...{ model: null, say: () => undefined },
        signal: new AbortController().signal,
        progress: () => undefined,
        model: null,
        say: () => undefined,
        preview: null,
      },
    );
    if (!result.ok) throw new Error(result.fault.code);
    return Answer.parse(result.output);
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function share<Row>(rows: readonly Row[], holds: (row: Row) => boolean): number {
  return rounded(rows.filter(holds).length / rows.length);
}
