import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openApprovals, phaseOf } from '@soma/schemas/run';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { callsOf, settled, submitGoal } from '../../testing/run-scenario.ts';
import { openTestHost, type TestHost } from '../../testing/test-host.ts';

/** A page that is nowhere: the host's own tool, with all its limits, is asked for it. */
const PLAN = `
schema: packaged-plan.v1
name: read-a-page
version: 1.0.0
title: Read a page
description: Fetches one page.
examples: [read a page]
rights: [network]
slots:
  - { name: url, title: Address, required: true }
tasks:
  - { id: fetch, title: Fetch, tool: fetch_page, arguments: { url: =slots.url } }
`;

let home: ReturnType<typeof temporaryFolder>;
let opened: TestHost;

beforeEach(async () => {
  home = temporaryFolder();
  mkdirSync(join(home.path, 'folder'));
  opened = await openTestHost(join(home.path, 'data'), [PLAN]);
  await opened.host.start();
});
afterEach(async () => {
  await opened.close();
  home.remove();
});

async function fetched(url: string) {
  const calls = callsOf(opened);
  const folder = join(home.path, 'folder');
  await submitGoal(calls, { run: 'r', folder, goal: 'read a page', plan: 'read-a-page', slots: { url } });
  const asking = await settled(opened, 'r');
  const [approval] = openApprovals(asking);
  return { calls, approval, asking };
}

it('a run asks with the exact address before anything is sent, and says what came of it', async () => {
  const { calls, approval, asking } = await fetched('HTTP://No-Such-Name.invalid/a b#c');
  const preview = asking.calls[approval?.call ?? '']?.preview;
  if (approval === undefined || preview === undefined) throw new Error('an approval is expected');
  const shown = await calls.content.get({ content: preview });
  expect(shown.ok && JSON.parse(shown.text)).toEqual({
    kind: 'request',
    url: 'http://no-such-name.invalid/a%20b',
  });
  await calls.approval.answer({
    id: 'a',
    run: 'r',
    approval: approval.id,
    argumentsHash: approval.arguments.hash,
    answer: 'approved',
  });
  const ended = await settled(opened, 'r');
  expect(phaseOf(ended)).not.toBe('verified');
  expect(ended.calls[approval.call]?.outcome).toMatchObject({
    name: 'failed',
    fault: { code: 'FETCH_FAILED', data: { host: 'no-such-name.invalid', cause: 'unknown-host' } },
  });
});

it('a run does not even ask for an address of this computer', async () => {
  const { approval, asking } = await fetched('http://2130706433/');
  expect(approval).toBeUndefined();
  expect(JSON.stringify(asking)).toContain('FETCH_ADDRESS_REFUSED');
});
