import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../infra/launch/place.mjs';
import type { Stage } from './play.ts';
import { newData, takeSeat } from './seat.ts';

// How a picture of the product is taken.

/** Where the pictures lie. */
export const folder = join(root, 'docs', 'screens');

/** Says what was taken. */
export const say = (text: string) => void process.stderr.write(`${text}\n`);

/** A picture of the page at rest. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  say(`docs/screens/${name}.png`);
}

/** The same picture in the other theme, and back. */
export async function inDark(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await shot(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

/** A window on data of its own, in light and without motion. */
export async function onStage(body: (stage: Stage) => Promise<void>): Promise<void> {
  const data = await newData();
  const work = await mkdtemp(join(tmpdir(), 'soma-screens-'));
  const seat = await takeSeat('window', data.path);
  await seat.page().emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  try {
    await body({ seat, place: 'window', work });
  } finally {
    await seat.end();
    await data.remove();
    await rm(work, { recursive: true, force: true });
  }
}

/** Opens a part of the window by its name in the palette. */
export async function openByPalette(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(command);
  await page.getByRole('option', { name: command }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
}
