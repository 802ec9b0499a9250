import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dialSocketFile } from '@soma/agent-core/adapter/transport';
import { type HostCalls, hostCalls } from '@soma/schemas/contract';
import Database from 'better-sqlite3';
import { openFolder } from '../../play.ts';
import { newData, takeSeat } from '../../seat.ts';
import { writeSources } from './sources.ts';

/** The host that owns this data folder, over its socket file. */
export async function callHost(data: string): Promise<{ calls: HostCalls; close: () => void }> {
  const told: unknown = JSON.parse(await readFile(join(data, 'host.json'), 'utf8'));
  const socket = typeof told === 'object' && told !== null && 'socket' in told ? String(told.socket) : '';
  const pipe = await dialSocketFile(socket);
  return { calls: hostCalls(pipe), close: () => pipe.close() };
}

/**
 * From the key that submits a goal in a real window until another connection to the ledger reads the run, in milliseconds. The
 * key's time is the browser's own; the ledger is asked again each millisecond, so a figure may be one too long.
 */
export async function keypresses(work: string, count: number): Promise<number[]> {
  const data = await newData();
  const seat = await takeSeat('window', data.path);
  try {
    const page = seat.page();
    await writeSources(join(work, 'typed'), 3);
    await openFolder({ seat, place: 'window', work }, join(work, 'typed'));
    await page.evaluate(() => {
      addEventListener(
        'keydown',
        (event) => {
          if (event.key === 'Enter') {
            document.documentElement.dataset['enter'] = String(performance.timeOrigin + event.timeStamp);
          }
        },
        { capture: true },
      );
    });
    const ledger = new Database(join(data.path, 'ledger.db'), { readonly: true });
    const runs = ledger.prepare<[], { count: number }>('SELECT count(*) AS count FROM runs');
    const host = await callHost(data.path);
    const times: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const before = runs.get()?.count ?? 0;
      const seen = whenTrue(() => (runs.get()?.count ?? 0) > before);
      await page.getByRole('textbox', { name: 'Goal' }).fill('Explain this folder');
      // A person reads what will be done before the key that starts it.
      await page.getByText('Plan: explain-folder').first().waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.press('Enter');
      const at = await seen;
      const pressed = Number(await page.evaluate(() => document.documentElement.dataset['enter']));
      times.push(at - pressed);
      await settled(host.calls);
    }
    host.close();
    ledger.close();
    return times;
  } finally {
    await seat.end();
    await data.remove();
  }
}

/** The time at which it first held, in milliseconds since the epoch. */
async function whenTrue(holds: () => boolean): Promise<number> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
  return performance.timeOrigin + performance.now();
}

/** Until no run is going on, so that each key meets the same host. */
async function settled(calls: HostCalls): Promise<void> {
  for await (const news of await calls.workspace.watch({})) {
    if (news.type !== 'snapshot') continue;
    if (news.runs.every(({ phase }) => !['planning', 'running', 'waiting'].includes(phase))) return;
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  return settled(calls);
}
