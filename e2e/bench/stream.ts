import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { root } from '../../infra/launch/place.mjs';
import { figureOf, machine, rounded } from './part/figure.ts';
import { ensurePeer, type PagePeer, servePeer } from './part/page-peer.ts';

// Markdown that streams into a page. `tokens`: pieces of four characters, each drawn and laid out before the next, at several lengths of the
// text, beside the npm package streamdown in the same browser, in turns; the text is an answer of every kind of block, over and over, and the
// pages of docs one after another. `frames`: four panels that stream at once, beside an idle page. `npm run bench -- stream [tokens|frames]`.

const LIMITS = { ratio: 2, frameMs: 16.7 };
const SIZE = 4;
const LENGTHS = [2000, 10_000, 40_000, 120_000];
/** So many places of the text near each length, and pieces from each. */
const [WINDOWS, COUNT] = [6, 80];
const STEP = 230;
const PANELS = 4;
/** Pieces a second that each panel gets: a quick endpoint, and far more than any sends. */
const RATES = [100, 500];
const [FRAMES_FROM, FRAMES_MS] = [40_000, 10_000];

const SIDES = ['soma', 'streamdown'] as const;
type Side = (typeof SIDES)[number];
type Pages = Readonly<Record<Side, Page>>;

/** What `serve.js` of the page has; times in milliseconds. */
interface Bench {
  readonly tokens: (asked: Asked) => Promise<{ readonly times: readonly number[]; readonly drawn: number }>;
  readonly frames: (asked: AskedFrames) => Promise<readonly number[]>;
}
interface Asked {
  readonly text: string;
  readonly from: number;
  readonly count: number;
  readonly size: number;
}
interface AskedFrames {
  readonly texts: readonly string[];
  readonly from: number;
  readonly size: number;
  readonly perSecond: number;
  readonly forMs: number;
}
declare global {
  var bench: Bench;
}

const ui = join(root, 'packages', 'ui');
const PEER: PagePeer = {
  name: 'stream-peer',
  source: join('e2e', 'bench', 'stream', 'peer'),
  inputs: [join('packages', 'ui', 'src', 'design')],
  env: { SOMA_UI: ui },
};

const asked = process.argv[2];
const parts = (['tokens', 'frames'] as const).filter((part) => asked === undefined || asked === part);
if (parts.length === 0) throw new Error(`there is no part "${asked}": tokens or frames`);
await ensurePeer(PEER);
const peer = await servePeer(PEER);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-gpu'],
});
try {
  const pages = { soma: await opened(browser, 'soma'), streamdown: await opened(browser, 'streamdown') };
  const answer = await answerText(false);
  const answers = {
    ...(parts.includes('tokens') && { tokens: await tokens(pages, answer) }),
    ...(parts.includes('frames') && { frames: await frames(pages, answer) }),
  };
  const report = {
    bench: 'stream',
    machine: machine(),
    limits: LIMITS,
    peer: 'streamdown 2.7.1',
    ...answers,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  await browser.close();
  peer.close();
}

async function opened(on: Browser, side: Side): Promise<Page> {
  const page = await on.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${peer.address}${side}.html`);
  await page.waitForFunction(() => 'bench' in window);
  return page;
}

/**
 * An answer with every kind of block, as often as it takes. Where it defines links by labels, the peer parses all of it again for each
 * piece, which is a case of its own.
 */
async function answerText(defines: boolean): Promise<string> {
  const one = await readFile(join(ui, 'src', 'design', 'markdown', 'sample-answer.md'), 'utf8');
  const inline = one
    .replace('[the readme][guide]', '[the readme](https://example.com/guide)')
    .replace(/^\[guide\]: .*$/m, '');
  const needed = Math.max(...LENGTHS) + COUNT * SIZE;
  const text = `${(defines ? one : inline).trimEnd()}\n\n`;
  return text.repeat(Math.ceil(needed / text.length));
}

/** The pages of docs one after another, which are not written for this. */
async function docsText(): Promise<string> {
  const folder = join(root, 'docs');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.md')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('\n');
}

async function tokens(pages: Pages, answer: string) {
  const rows = [];
  for (const length of LENGTHS) rows.push(await compare(pages, { name: 'answer', text: answer, length }));
  const last = { name: 'docs', text: await docsText(), length: Math.max(...LENGTHS) };
  const defining = {
    name: 'answer that defines links by labels',
    text: await answerText(true),
    length: 10_000,
  };
  return [...rows, await compare(pages, last), await compare(pages, defining)];
}

interface Compared {
  readonly name: string;
  readonly text: string;
  readonly length: number;
}

/** In turns, the order changing, so that whatever else the machine does meets both. */
async function compare(pages: Pages, { name, text, length }: Compared) {
  const found: Record<Side, { rates: number[]; each: number[]; drawn: number }> = {
    soma: { rates: [], each: [], drawn: 0 },
    streamdown: { rates: [], each: [], drawn: 0 },
  };
  for (let window = 0; window < WINDOWS; window += 1) {
    const from = Math.max(0, length - COUNT * SIZE - window * STEP);
    for (const side of window % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const page = pages[side];
      await page.bringToFront();
      const given = { text: text.slice(0, from + COUNT * SIZE), from, count: COUNT, size: SIZE };
      const { times, drawn } = await page.evaluate((one) => globalThis.bench.tokens(one), given);
      const total = times.reduce((sum, time) => sum + time, 0);
      found[side].rates.push((times.length * 1000) / total);
      found[side].each.push(...times);
      found[side].drawn += drawn;
    }
  }
  process.stderr.write(`${name}, ${length} characters: done\n`);
  const summary = (side: Side) => ({
    tokensPerSecond: figureOf(found[side].rates),
    msPerToken: figureOf(found[side].each),
    shareDrawnAtOnce: rounded(found[side].drawn / (WINDOWS * COUNT)),
  });
  const [soma, streamdown] = [summary('soma'), summary('streamdown')];
  const ratio = rounded(soma.tokensPerSecond.median / streamdown.tokensPerSecond.median);
  return { text: name, length, soma, streamdown, ratio };
}

async function frames(pages: Pages, answer: string) {
  const idle = await framesOf(pages.soma, { texts: [], perSecond: 0 });
  const rows = [];
  for (const perSecond of RATES) {
    const given = { texts: Array.from({ length: PANELS }, () => answer), perSecond };
    const soma = await framesOf(pages.soma, given);
    const streamdown = await framesOf(pages.streamdown, given);
    rows.push({ panels: PANELS, perSecond, soma, streamdown });
    process.stderr.write(`frames at ${perSecond} a second: done\n`);
  }
  return { fromCharacters: FRAMES_FROM, forMs: FRAMES_MS, idlePage: idle, streaming: rows };
}

/** Frame times, and the main thread's work for each, counted by the browser. */
async function framesOf(page: Page, given: Pick<AskedFrames, 'texts' | 'perSecond'>) {
  await page.bringToFront();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const taskMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const before = await taskMs();
  const at = await page.evaluate((one) => globalThis.bench.frames(one), {
    ...{ ...given, from: FRAMES_FROM, size: SIZE, forMs: FRAMES_MS },
  });
  const work = (await taskMs()) - before;
  await session.detach();
  const took = at.reduce((sum, time) => sum + time, 0);
  return {
    frameMs: figureOf(at),
    framesPerSecond: rounded((at.length * 1000) / took),
    late: rounded(at.filter((time) => time > 25).length / at.length),
    mainThreadMsPerFrame: rounded(work / at.length),
  };
}
