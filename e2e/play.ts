import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { SCENARIOS, type ScenarioId } from './scenarios.ts';
import { newData, type Place, type Seat, takeSeat } from './seat.ts';

/** What a scenario plays with. `errors` are the page's own, which must stay none. */
export interface Stage {
  readonly seat: Seat;
  readonly place: Place;
  /** A temporary folder of this scenario. */
  readonly work: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Which of a scenario's places are played. */
    readonly scenarioPlaces: 'places' | 'long';
  }
}

/** Plays a scenario in each of its places, on data of its own, and fails on any error the page itself reports. */
export function play(id: ScenarioId, body: (stage: Stage) => Promise<void>): void {
  const { title, ...where } = SCENARIOS[id];
  for (const place of where[inject('scenarioPlaces')]) {
    it(`${id}, ${place}: a person ${title}`, { timeout: 120_000 }, async () => {
      const data = await newData();
      const work = await mkdtemp(join(tmpdir(), 'soma-work-'));
      const seat = await takeSeat(place, data.path);
      const errors: string[] = [];
      seat.page().on('pageerror', (error) => errors.push(String(error)));
      try {
        await body({ seat, place, work });
        expect(errors).toEqual([]);
      } catch (error) {
        const seen = await picture(seat, `${id}-${place}`);
        if (error instanceof Error) error.message += `\nSeen then: ${seen}`;
        throw error;
      } finally {
        await seat.end();
        await data.remove();
        await rm(work, { recursive: true, force: true });
      }
    });
  }
}

/** Keeps a picture of the page, and answers what there was to see of it. */
async function picture(seat: Seat, name: string): Promise<string> {
  const page = seat.page();
  const windows = await seat.windows().catch(String);
  const found = page
    .evaluate(() => ({
      ready: document.readyState,
      nodes: document.querySelectorAll('#root *').length,
      files: performance.getEntriesByType('resource').map((file) => `${file.name} ${file.startTime}`),
    }))
    .catch(String);
  const late = new Promise((resolve) => setTimeout(() => resolve('the page does not answer'), 3000));
  await page.screenshot({ path: join(tmpdir(), `soma-${name}.png`) }).catch(() => undefined);
  return JSON.stringify({ url: page.url(), page: await Promise.race([found, late]), windows });
}

/** Opens a folder as a person does in this place: in the system's dialog, or by typing its path. */
export async function openFolder({ seat, place }: Stage, path: string): Promise<void> {
  const page = seat.page();
  if (place === 'window') {
    await seat.answerDialog(path);
    await page.getByRole('button', { name: 'Choose folder' }).click();
  } else {
    await page.getByLabel('Path of the folder').fill(path);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
  }
  await page.getByText('Folder: ').waitFor();
}

/** Types the goal and starts it. */
export async function startGoal(page: Page, goal: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Goal' }).fill(goal);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: goal }).or(page.getByText(goal)).first().waitFor();
}
