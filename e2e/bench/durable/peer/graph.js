import { statSync } from 'node:fs';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import Database from 'better-sqlite3';

// The peer: a graph of eight nodes in a row on LangGraph's own SQLite saver, as its guide has it. One argument of JSON: `{ file, work,
// inFlight, runs, warm, synchronous }`; the answer is one line of JSON. A step is one node.

const NODES = 8;
const KB = 1000;
const { file, work, inFlight, runs, warm, synchronous } = JSON.parse(process.argv[2]);

/** What a run begins with and what each node gives, by `work`. */
const works = {
  /** A state of 1 kB, replaced by each node. */
  small: { begin: () => ({ note: text(KB, 'begin') }), node: (at) => ({ note: text(KB, at) }) },
  /** Each node adds an eighth of 100 kB. */
  growing: { begin: () => ({ note: '' }), node: (at) => ({ parts: [text((100 * KB) / NODES, at)] }) },
  /** Each node replaces 1 kB beside 100 kB that stay as they are. */
  onto: {
    begin: () => ({ held: text(100 * KB, 'held'), note: '' }),
    node: (at) => ({ note: text(KB, at) }),
  },
};

/** So many characters that are nowhere else the same. */
function text(size, at) {
  return `${at} `.padEnd(size, 'lorem ipsum dolor sit amet ');
}

const State = Annotation.Root({
  note: Annotation(),
  held: Annotation(),
  parts: Annotation({ reducer: (before, more) => before.concat(more), default: () => [] }),
});

const database = new Database(file);
const saver = new SqliteSaver(database);
saver.setup();
if (synchronous === 'FULL') database.pragma('synchronous = FULL');

const { begin, node } = works[work];
let steps = 0;
let graph = new StateGraph(State);
for (let n = 0; n < NODES; n += 1) {
  graph.addNode(`n${n}`, (_state, config) => {
    steps += 1;
    return node(`${config.configurable.thread_id} ${n}`);
  });
  graph.addEdge(n === 0 ? START : `n${n - 1}`, `n${n}`);
}
graph.addEdge(`n${NODES - 1}`, END);
graph = graph.compile({ checkpointer: saver });

await all(warm, 'warm');
const before = size();
steps = 0;
const [began, cpu] = [performance.now(), process.cpuUsage()];
await all(runs, 'run');
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
const cpuSeconds = (user + system) / 1e6;
const setting = ['OFF', 'NORMAL', 'FULL'][database.pragma('synchronous', { simple: true })];
const bytes = size() - before;
const kept = database.prepare('SELECT count(*) AS count FROM checkpoints').get().count;
process.stdout.write(
  `${JSON.stringify({ steps, seconds, cpuSeconds, bytes, synchronous: setting, checkpoints: kept })}\n`,
);
database.close();

async function all(count, name) {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const thread = `${name}-${next++}`;
      await graph.invoke(begin(), { configurable: { thread_id: thread } });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/** Bytes of the database with everything written into it. */
function size() {
  database.pragma('wal_checkpoint(TRUNCATE)');
  return ['', '-wal'].reduce(
    (sum, end) => sum + (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
