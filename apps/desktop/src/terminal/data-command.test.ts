import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator } from '@soma/schemas/message';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testConfig } from '../testing/source-host.ts';
import { type Heard, TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { backUpData, restoreData, takeDataBack } from './data-command.ts';
import { listRuns } from './list-command.ts';
import { runGoal } from './run-command.ts';
import type { Speech } from './speech.ts';
import { readUse } from './use.ts';

describe('backups at the terminal', () => {
  let desks: TerminalDesks;

  beforeEach(() => {
    desks = new TerminalDesks();
  });
  afterEach(() => desks.close());

  async function quiet(): Promise<{ speech: Speech; heard: Pick<Heard, 'answers'> }> {
    const heard = { answers: [] as string[] };
    const speech: Speech = {
      translator: await createTranslator(),
      answer: (line) => void heard.answers.push(line),
      say: () => undefined,
      sayFault: () => undefined,
      canAsk: false,
      ask: async () => '',
      askSecret: async () => '',
    };
    return { speech, heard };
  }

  it('are made by the host while it works, proven, and restored when it is gone', async () => {
    const at = await desks.open('source');
    const config = testConfig(desks.root);
    await runGoal(at, typed('run', 'Explain this folder', '--folder', 'work'));
    at.heard.answers.length = 0;
    expect(await backUpData(at, typed('backup', 'kept'))).toBe(0);
    expect(at.heard.answers[0]).toBe(
      `${join(desks.root, 'kept')}: proven. Restored into an empty folder, opened and compared, it is the same:`,
    );
    expect(at.heard.answers[1]).toMatch(/^ {2}\d+ events of 1 run$/);
    const listed = await at.link.current().data.list({ folder: desks.root });
    expect(listed).toMatchObject({
      backups: {
        backups: [{ ok: true, path: join(desks.root, 'kept'), counts: { runs: 1 } }],
        own: expect.arrayContaining([expect.objectContaining({ database: 'ledger', copies: 1 })]),
        making: null,
      },
    });
    await runGoal(at, typed('run', 'Explain this folder', '--folder', 'work'));
    const { speech, heard } = await quiet();
    const restoring = () => restoreData(speech, typed('restore', 'kept'), config);
    await expect(restoring()).rejects.toMatchObject({ fault: { code: 'DATA_FOLDER_BUSY' } });
    await desks.closeHosts();
    expect(await restoring()).toBe(0);
    expect(heard.answers[0]).toMatch(/^Restored the backup of /);
    expect(heard.answers.find((line) => line.startsWith('The log of runs: '))).toMatch(
      /\d+ records of it came after/,
    );
    const [aside = ''] = readdirSync(join(config.dataFolder, 'replaced'));
    expect(existsSync(join(config.dataFolder, 'replaced', aside, 'ledger.db'))).toBe(true);
    const again = await desks.open('source');
    await listRuns(again, typed('runs'));
    expect(again.heard.answers).toHaveLength(1);
  });

  it('are seen under way by whoever asks, and not any more when they are proven', async () => {
    const at = await desks.open('source');
    const list = () => at.link.current().data.list({ folder: null });
    const path = join(desks.root, 'kept');
    const backup = backUpData(at, typed('backup', 'kept'));
    await vi.waitFor(
      async () => expect(await list()).toMatchObject({ backups: { making: { path, phase: 'proving' } } }),
      { timeout: 20_000, interval: 5 },
    );
    expect(await backup).toBe(0);
    expect(await list()).toMatchObject({ backups: { making: null } });
  });

  it('without a name lie where the command was typed', async () => {
    const at = await desks.open('source');
    expect(await backUpData(at, typed('backup'))).toBe(0);
    expect(
      readdirSync(desks.root).filter((name) => /^soma-backup-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d$/.test(name)),
    ).toHaveLength(1);
  });

  it('are made before a database is brought to the version of an older build', async () => {
    const at = await desks.open('source');
    await runGoal(at, typed('run', 'Explain this folder', '--folder', 'work'));
    const config = testConfig(desks.root);
    const { speech, heard } = await quiet();
    const down = (...args: string[]) => takeDataBack(speech, typed('downgrade', ...args), config);
    await expect(down('ledger', '1')).rejects.toMatchObject({ fault: { code: 'DATA_FOLDER_BUSY' } });
    await desks.closeHosts();
    await expect(down('ledger', '9')).rejects.toMatchObject({ fault: { code: 'INVALID_INPUT' } });
    await expect(down('runs', '1')).rejects.toMatchObject({ fault: { code: 'INVALID_INPUT' } });
    expect(await down('ledger', '1')).toBe(0);
    expect(heard.answers[0]).toMatch(/^The log of runs is of version 1 now\. /);
    const again = await desks.open('source');
    await listRuns(again, typed('runs'));
    expect(again.heard.answers).toHaveLength(1);
  });

  it('name one place', () => {
    expect(readUse(['downgrade', 'ledger'])).toEqual({ verb: 'wrong', key: 'downgrade', data: {} });
    expect(readUse(['restore'])).toEqual({ verb: 'wrong', key: 'restore', data: {} });
    expect(readUse(['backup', 'a', 'b'])).toEqual({ verb: 'wrong', key: 'backup', data: {} });
    expect(readUse(['restore', 'a'])).toEqual({ verb: 'restore', from: 'a' });
  });
});
