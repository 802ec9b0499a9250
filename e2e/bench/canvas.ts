import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Measured, measureBoard } from './part/board-page.ts';
import { figureOf } from './part/figure.ts';
import { CROWDED, type NoteGrid, serving, writeNoteGrid } from './part/note-grid.ts';
import { ensurePeer, servePeer } from './part/page-peer.ts';

// A board of many notes: how long until the first is painted, and the main thread's work a frame while it is panned, beside
// plain React Flow with the same nodes through the same camera. `read` is a board of four columns, which opens near enough
// to read, from its top; `whole` a square one, which opens from afar, so that all of it is seen as far as the zoom allows.
// `npm run bench -- canvas [read|whole]`.

const LAUNCHES = 3;
const COUNTS = [100, 1000, 10_000];
const NOTE = { width: 200, height: 120, gap: 24 };
const VIEWS = {
  read: () => 4,
  whole: (count: number) => Math.ceil(Math.sqrt(count)),
};
type View = keyof typeof VIEWS;

const asked = process.argv[2];
const views = (['read', 'whole'] as const).filter((view) => asked === undefined || asked === view);
if (views.length === 0) throw new Error(`there is no view "${asked}": read or whole`);
const PEER = { name: 'canvas-peer', source: join('e2e', 'bench', 'peer') };
await ensurePeer(PEER);
const peer = await servePeer(PEER);
const work = await mkdtemp(join(tmpdir(), 'soma-bench-'));
try {
  const boards = [];
  for (const view of views) for (const count of COUNTS) boards.push(await compare(view, count));
  const answer = {
    bench: 'canvas',
    machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown' },
    window: { width: 1280, height: 800 },
    peer: '@xyflow/react 12.12.1, onlyRenderVisibleElements, nodes made in the page',
    boards,
  };
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  peer.close();
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

/** Ours includes fetching the document from the host; the peer has its nodes in memory. In turns, so that whatever else the machine does meets both. */
async function compare(view: View, count: number) {
  const grid: NoteGrid = { count, columns: VIEWS[view](count), ...NOTE };
  const data = join(work, `${view}-${count}`);
  await writeNoteGrid(data, grid);
  const [ours, theirs]: [Measured[], Measured[]] = [[], []];
  for (let launch = 0; launch < LAUNCHES; launch += 1) {
    const { address, end } = await serving(data);
    try {
      const mine = await measureBoard(address, `button[title="${CROWDED}"]`);
      ours.push(mine);
      const query = Object.entries({ ...grid, ...mine.sight }).map(([name, value]) => [name, String(value)]);
      theirs.push(await measureBoard(`${peer.address}?${new URLSearchParams(query)}`, '#open'));
    } finally {
      await end();
    }
    process.stderr.write(`${view}, ${count} notes: launch ${launch + 1} of ${LAUNCHES}\n`);
  }
  const [soma, plain] = [summaryOf(ours), summaryOf(theirs)];
  return { view, nodes: count, zoom: ours[0]?.sight.zoom, soma, plainReactFlow: plain };
}

function summaryOf(runs: readonly Measured[]) {
  return {
    firstNodeMs: figureOf(runs.map(({ firstNode }) => firstNode)),
    taskMsPerFrame: figureOf(runs.map(({ taskPerFrame }) => taskPerFrame)),
    frameMs: figureOf(runs.map(({ frameTime }) => frameTime)),
    frames: figureOf(runs.map(({ frames }) => frames)).median,
    nodesInPage: figureOf(runs.map(({ drawn }) => drawn)).median,
  };
}
