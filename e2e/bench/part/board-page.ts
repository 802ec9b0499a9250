import { type Browser, chromium, type Page } from 'playwright-core';

/** Where a board stands in its page and what its camera shows. */
export interface Sight {
  readonly boardWidth: number;
  readonly boardHeight: number;
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** One launch. Times in milliseconds; `drawn` is how many nodes were in the page when panning began. */
export interface Measured {
  readonly firstNode: number;
  readonly taskPerFrame: number;
  readonly frameTime: number;
  readonly frames: number;
  readonly drawn: number;
  readonly sight: Sight;
}

const PAN_MS = 2000;
const SETTLE_MS = 1500;
/** Pixels a wheel event moves, and after how many it turns back, so that a board never leaves the window. */
const PAN = { step: 24, turn: 20 };

/** A browser of its own: from the click on `opener` until the first node is painted, then two seconds of panning. */
export async function measureBoard(address: string, opener: string): Promise<Measured> {
  const browser: Browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-gpu',
    ],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(address);
    await page.locator(opener).first().waitFor();
    await page.waitForTimeout(SETTLE_MS);
    const firstNode = await untilFirstNode(page, opener);
    await page.waitForTimeout(SETTLE_MS);
    const sight = await sightOf(page);
    const drawn = await page.locator('.react-flow__node').count();
    return { firstNode, sight, drawn, ...(await pan(page)) };
  } finally {
    await browser.close();
  }
}

/** React Flow keeps a node hidden until it has measured it; two frames after it shows, it is painted. */
function untilFirstNode(page: Page, selector: string): Promise<number> {
  return page.evaluate((at) => {
    const opener = document.querySelector<HTMLElement>(at);
    if (opener === null) throw new Error('there is nothing to open the board by');
    if (document.querySelector('.react-flow__node') !== null) throw new Error('a board with nodes is open');
    return new Promise<number>((resolve) => {
      const began = performance.now();
      const look = () => {
        const node = document.querySelector('.react-flow__node');
        const shows = node !== null && getComputedStyle(node).visibility === 'visible';
        requestAnimationFrame(shows ? () => resolve(performance.now() - began) : look);
      };
      requestAnimationFrame(look);
      opener.click();
    });
  }, selector);
}

function sightOf(page: Page): Promise<Sight> {
  return page.evaluate(() => {
    const [board, shown] = ['.react-flow', '.react-flow__viewport'].map((at) => document.querySelector(at));
    if (!board || !shown) throw new Error('no board is open');
    const { width, height } = board.getBoundingClientRect();
    const { e, f, a } = new DOMMatrix(getComputedStyle(shown).transform);
    return { boardWidth: width, boardHeight: height, x: e, y: f, zoom: a };
  });
}

/** One wheel event an animation frame; the browser counts what its main thread did meanwhile. */
async function pan(page: Page): Promise<Pick<Measured, 'taskPerFrame' | 'frameTime' | 'frames'>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const taskMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const before = await taskMs();
  const { frames, took, moved } = await page.evaluate(wheelFor, { ...PAN, forMs: PAN_MS });
  const after = await taskMs();
  if (!moved) throw new Error('the board did not move');
  return { taskPerFrame: (after - before) / frames, frameTime: took / frames, frames };
}

/** Runs in the page. */
function wheelFor({ step, turn, forMs }: { step: number; turn: number; forMs: number }) {
  const pane = document.querySelector('.react-flow__pane');
  const shown = document.querySelector('.react-flow__viewport');
  if (pane === null || shown === null) throw new Error('no board is open');
  const { left, top, width, height } = pane.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: top + height / 2 };
  const place = getComputedStyle(shown).transform;
  let moved = false;
  return new Promise<{ frames: number; took: number; moved: boolean }>((resolve) => {
    const began = performance.now();
    let frames = 0;
    const frame = () => {
      const took = performance.now() - began;
      if (frames === 2) moved = getComputedStyle(shown).transform !== place;
      if (took >= forMs && frames > 2) return resolve({ frames, took, moved });
      const deltaY = Math.floor(frames / turn) % 2 === 0 ? step : -step;
      frames += 1;
      pane.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY, bubbles: true, cancelable: true }));
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
