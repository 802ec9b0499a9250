import { join } from 'node:path';
import { openDatabase } from '@soma/agent-core/adapter/data-folder';
import { ledgerSchema, SqliteLedger } from '@soma/agent-core/adapter/sqlite-ledger';
import { systemClock } from '@soma/agent-core/adapter/system';
import { fault, type Scope } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { useQueue } from './queue-command.ts';
import { readUse } from './use.ts';

const scope: Scope = {
  ...{ tenant: 'local', workspace: 'local', actor: [{ kind: 'person', id: 'p1' }], causation: null },
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
};

describe('soma queue', () => {
  let desks: TerminalDesks;
  beforeEach(() => {
    desks = new TerminalDesks();
  });
  afterEach(() => desks.close());

  /** The data folder as a host left it that could not send its first event on. */
  async function leftOver(): Promise<void> {
    const at = await desks.open('source');
    await at.link.current().folder.grant({ id: 'f1', path: join(desks.root, 'work') });
    await desks.closeHosts();
    const place = { folder: join(desks.root, 'data'), clock: systemClock, exit: 'clean' } as const;
    const database = await openDatabase({ ...place, schema: ledgerSchema, whenLost: 'refuse' });
    const { outbox } = new SqliteLedger(database, systemClock);
    const [first] = await outbox.page({ scope, only: 'all', after: 0, limit: 1 });
    await outbox.setAside(scope, first?.position ?? 0, {
      ...{ tries: 5, at: '2026-01-01T00:00:00.000Z' },
      fault: fault('CONSUMER_FAILED', { consumer: 'witness', cause: 'DISK_FULL' }),
    });
    database.close();
  }

  it('says that nothing waits once all was sent on', async () => {
    const at = await desks.open('source');
    await at.link.current().folder.grant({ id: 'f1', path: join(desks.root, 'work') });
    await vi.waitFor(async () => {
      at.heard.answers.splice(0);
      expect(await useQueue(at, typed('queue'))).toBe(0);
      expect(at.heard.answers).toEqual(['Nothing waits to be sent on, and nothing was set aside.']);
    }, 5000);
    expect(await useQueue(at, typed('queue', 'list', '--json'))).toBe(0);
    const view = { backlog: 0, oldest: null, setAside: 0, copies: [], trouble: null };
    expect(JSON.parse(at.heard.answers[1] ?? '')).toEqual(view);
  });

  it('names what was set aside and why, sends it again by its id, and tells what is not there', async () => {
    await leftOver();
    const at = await desks.open('source');
    expect(await useQueue(at, typed('queue'))).toBe(0);
    expect(at.heard.answers[0]).toMatch(/1 event was set aside/);
    expect(at.heard.answers[1]).toMatch(
      /^f1\.0 +folder\.granted workspace\/local #1 .*5 tries.*CONSUMER_FAILED: It said: DISK_FULL\.$/,
    );
    await expect(useQueue(at, typed('queue', 'requeue', 'none'))).rejects.toMatchObject({
      fault: { code: 'QUEUE_COPY_UNKNOWN' },
    });
    expect(await useQueue(at, typed('queue', 'requeue', 'f1.0'))).toBe(0);
    expect(at.heard.answers[2]).toBe('1 event is sent again.');
    expect(await useQueue(at, typed('queue', 'requeue', '--all'))).toBe(0);
    expect(at.heard.answers[3]).toBe('Nothing was there to send again.');
  });

  it('compares log, outbox and consumers and says what it found, with exit 1 while something is missing', async () => {
    await leftOver();
    const at = await desks.open('source');
    await vi.waitFor(async () => {
      at.heard.answers.splice(0);
      expect(await useQueue(at, typed('queue', 'reconcile'))).toBe(0);
      expect(at.heard.answers[0]).toMatch(/^log: 1 event, 0 wait, 1 set aside, 0 gaps$/);
    }, 5000);
    expect(at.heard.answers[1]).toBe(
      'witness: 0 of 1 taken in, 0 missing, 0 gaps, 0 given again, 0 unknown to the log',
    );
    await useQueue(at, typed('queue', 'requeue', '--all'));
    await vi.waitFor(async () => {
      await useQueue(at, typed('queue', 'reconcile', '--json'));
      expect(JSON.parse(at.heard.answers.at(-1) ?? '')).toMatchObject({
        consumers: [{ taken: 1, missing: 0 }],
      });
    }, 5000);
  });
});

it.each([
  [[], { what: 'list', json: false }],
  [['--json'], { what: 'list', json: true }],
  [['requeue', 'e1'], { what: 'requeue', copy: 'e1' }],
  [['requeue', '--all'], { what: 'requeue', copy: null }],
  [['reconcile', '--json'], { what: 'reconcile', json: true }],
])('soma queue %j is understood', (args, use) => {
  expect(readUse(['queue', ...args])).toEqual({ verb: 'queue', ...use });
});

it.each([['requeue'], ['requeue a b'], ['requeue a --all'], ['list a'], ['reconcile --all'], ['drop']])(
  'soma queue %s is wrong use',
  (line) => {
    expect(readUse(['queue', ...line.split(' ')])).toMatchObject({ verb: 'wrong', key: 'queue' });
  },
);
