import { existsSync } from 'node:fs';
import { runFrameSize } from '@soma/schemas/canvas';
import type { HostCalls } from '@soma/schemas/contract';
import type { ApproveMode } from '@soma/schemas/event';
import { openApprovals, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from '../testing/run-scenario.ts';
import { type SampleFolder, sampleFolder } from '../testing/sample-folder.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let host: TestHost;
let calls: HostCalls;

const LINE = `{ id: line, kind: quoted, each: result.hits, text: item.quote, path: item.path, line: item.line, quote: item.quote }`;

/** A plan of these tasks, and its name. */
function plan(name: string, tasks: string): string {
  return `
schema: packaged-plan.v1
name: ${name}
version: 1.0.0
title: Other ways
description: Looks in one way, and then in another.
examples: [${name} of it]
rights: [read, write, board]
slots: [{ name: word, title: Word, required: true }]
tasks:
${tasks}`;
}

/** Exactly as typed first; in any case when that finds nothing. What needs it reads the file that was found. */
const CASES = plan(
  'any-case',
  `
  - id: exact
    title: As typed
    tool: search_files
    arguments: { text: =slots.word, caseSensitive: true }
    claims: [${LINE}]
    checks: [quoted]
    enough: $count(result.hits) > 0
    otherwise: [loose]
  - id: loose
    title: In any case
    tool: search_files
    arguments: { text: =slots.word }
    claims: [${LINE}]
    checks: [quoted]
    enough: $count(result.hits) > 0
    otherwise: [part]
  - id: part
    title: A part of it
    tool: search_files
    arguments: { text: '=$substring(slots.word, 0, 4)' }
    claims: [${LINE}]
    checks: [quoted]
  - id: read
    title: Read it
    tool: read_file
    after: [exact]
    arguments: { path: '=$append($append([tasks.part.hits], [tasks.loose.hits]), [tasks.exact.hits])[0].path' }
`,
);

/** The other way checks nothing. */
const UNCHECKED = plan(
  'unchecked',
  `
  - id: look
    title: Look
    tool: search_files
    arguments: { text: =slots.word }
    claims: [${LINE}]
    checks: [quoted]
    enough: $count(result.hits) > 0
    otherwise: [list]
  - { id: list, title: List, tool: list_files }
  - { id: last, title: Last, tool: list_files, after: [look] }
`,
);

/** A task that fails for good, or claims what is not so, and what comes in its place. */
const FAILING = plan(
  'failing',
  `
  - id: read
    title: Read what is not there
    tool: read_file
    arguments: { path: '="no-such-file-of-" & slots.word' }
    claims: [{ id: line, kind: quoted, each: 'result.lines[0]', text: item.quote, path: result.path, line: item.line, quote: item.quote }]
    checks: [quoted]
    otherwise: [lie]
  - id: lie
    title: Claim what is not so
    tool: search_files
    arguments: { text: =slots.word }
    claims: [{ id: line, kind: quoted, each: result.hits, text: item.quote, path: item.path, line: item.line, quote: '"not what it says"' }]
    checks: [quoted]
    otherwise: [truth]
  - id: truth
    title: Quote it
    tool: search_files
    arguments: { text: '=$exists(tasks.lie.hits) ? slots.word : "nothing of this kind"' }
    claims: [${LINE}]
    checks: [quoted]
`,
);

/** Its change is refused, which is no reason to try another. */
const REFUSED = plan(
  'refused',
  `
  - id: write
    title: Write
    tool: write_files
    arguments: { files: [{ path: made.txt, before: null, text: "made\\n" }] }
    otherwise: [list]
  - { id: list, title: List, tool: list_files }
`,
);

beforeEach(async () => {
  folder = sampleFolder();
  folder.write({ 'a.txt': 'Lantern reads logs.\n' });
  data = temporaryFolder();
  host = await openTestHost(data.path, [CASES, UNCHECKED, FAILING, REFUSED]);
  calls = callsOf(host);
});
afterEach(async () => {
  await host.close();
  data.remove();
  folder.remove();
});

async function run(name: string, word: string, approve: ApproveMode = 'ask'): Promise<RunState> {
  await submitGoal(calls, {
    run: 'r',
    folder: folder.path,
    goal: 'it',
    plan: name,
    slots: { word },
    approve,
  });
  return settled(host, 'r');
}

const named = (state: RunState) => state.tasks.map(({ id, status }) => [id, status.name]);

async function answer(state: RunState, given: 'approved' | 'rejected'): Promise<RunState> {
  const [asked] = openApprovals(state);
  if (asked === undefined) throw new Error('nothing is asked');
  const question = { id: 'answer', run: 'r', approval: asked.id, argumentsHash: asked.arguments.hash };
  expect(await calls.approval.answer({ ...question, answer: given })).toMatchObject({ ok: true });
  return settled(host, 'r');
}

describe('a plan with other ways', () => {
  it('is followed as it is written where the first way finds enough, and the others are no part of it', async () => {
    const state = await run('any-case', 'Lantern');
    expect(named(state)).toEqual([
      ['exact', 'verified'],
      ['read', 'empty'],
    ]);
    expect(state.tasks[0]?.steps.reflect).toMatchObject({ status: 'done', note: { code: 'found-enough' } });
    expect(state.status).toMatchObject({ name: 'ended', state: 'verified' });
  });

  it('is revised by Reflect where the first way finds too little: with a reason, the next in its place, and what needed it going on with that', async () => {
    const state = await run('any-case', 'LANTERN');
    expect(named(state)).toEqual([
      ['exact', 'dropped'],
      ['loose', 'verified'],
      ['read', 'empty'],
    ]);
    const [exact, loose, read] = state.tasks;
    expect(exact).toMatchObject({
      status: { note: { code: 'way-not-enough', data: { title: 'As typed' } } },
      steps: { reflect: { status: 'done', note: { code: 'plan-revised' } }, verify: { status: 'later' } },
      evidence: [],
    });
    expect([loose?.insteadOf, read?.after]).toEqual([['exact'], ['loose']]);
    const revised = (await eventsOf(host, 'r')).filter(({ type }) => type === 'plan.revised');
    expect(revised).toMatchObject([
      {
        data: {
          task: 'exact',
          dropped: ['exact'],
          added: [{ id: 'loose', checks: ['quoted'], otherwise: ['part'] }],
          changed: [{ task: 'read', after: ['loose'] }],
          weakened: [],
          plan: { hash: state.plan?.ref.hash },
        },
      },
    ]);
    expect(state.status).toMatchObject({ state: 'verified' });
    expect(await host.store.ledger.runs.get(state.scope, 'r')).toMatchObject({ tasks: 3, tasksVerified: 1 });
    const { nodes } = await host.hub.snapshot({ scope: state.scope, document: state.canvas });
    const frame = nodes.find(({ kind }) => kind === 'run');
    expect(frame, 'the run on the board has room for all').toMatchObject(runFrameSize(state.tasks));
    expect(runFrameSize(state.tasks)).not.toEqual(runFrameSize(state.tasks.slice(1)));
  });

  it('is revised when a task fails for good, and again when what it claims does not hold, which counts no more', async () => {
    const state = await run('failing', 'Lantern');
    expect(named(state)).toEqual([
      ['read', 'dropped'],
      ['lie', 'dropped'],
      ['truth', 'verified'],
    ]);
    expect(state.tasks.map(({ status }) => (status.name === 'dropped' ? status.note : null))).toEqual([
      { code: 'way-failed', data: { title: 'Read what is not there', fault: 'FILE_GONE' } },
      { code: 'way-unproven', data: { title: 'Claim what is not so', count: expect.any(Number) } },
      null,
    ]);
    expect(state.status).toMatchObject({ state: 'verified' });
    const claims = state.tasks[2]?.evidence.length;
    expect(await host.store.ledger.runs.get(state.scope, 'r')).toMatchObject({
      claims,
      claimsChecked: claims,
    });
    const report = await calls.run.report({ run: 'r' });
    expect(report.ok && report.report.claims.every(({ checked }) => checked)).toBe(true);
  });

  it('ends stuck with what it tried where no way leads on, and a task that was given up is not begun again', async () => {
    folder.write({ 'a.txt': 'x\n' });
    const failing = plan(
      'nowhere',
      `
  - { id: one, title: One way, tool: read_file, arguments: { path: no-such-1 }, otherwise: [two] }
  - { id: two, title: Another way, tool: read_file, arguments: { path: no-such-2 } }
  - { id: last, title: Last, tool: list_files, after: [one] }
`,
    ).replace('required: true', 'required: false');
    const kept = await calls.plan.keep({ id: 'keep', source: failing });
    expect(kept.ok).toBe(true);
    const state = await run('nowhere', 'x');
    expect(named(state)).toEqual([
      ['one', 'dropped'],
      ['two', 'failed'],
      ['last', 'skipped'],
    ]);
    expect(state.status).toMatchObject({
      state: 'stuck',
      note: { code: 'ways-spent', data: { count: 2, tried: ['One way', 'Another way'] } },
    });
    const again = await calls.run.retryTask({ id: 'again', run: 'r', task: 'one' });
    expect(again).toMatchObject({ ok: false, fault: { code: 'TASK_DROPPED' } });
  });

  it('is not tried in another way after a person said no to a call', async () => {
    const state = await run('refused', 'x', 'never');
    expect(named(state)).toEqual([['write', 'failed']]);
    expect(state.status).toMatchObject({ state: 'failed' });
    expect(existsSync(folder.at('made.txt'))).toBe(false);
  });
});

describe('a revision that lets a check go', () => {
  it('is a person’s to allow, bound to what it drops and adds; nothing is due until then', async () => {
    const asking = await run('unchecked', 'nowhere-at-all', 'all');
    expect(named(asking)).toEqual([
      ['look', 'waiting'],
      ['last', 'queued'],
    ]);
    const [asked] = openApprovals(asking);
    expect(asked).toMatchObject({ about: 'revision', rule: 'checks-need-a-person', task: 'look' });
    const shown = await calls.content.get({ content: asked?.arguments ?? expect.fail('nothing is asked') });
    expect(shown.ok && JSON.parse(shown.text)).toMatchObject({
      dropped: [{ id: 'look', checks: ['quoted'] }],
      added: [{ id: 'list', checks: [] }],
      weakened: [{ task: 'look', checks: ['quoted'] }],
    });
    const state = await answer(asking, 'approved');
    expect(named(state)).toEqual([
      ['look', 'dropped'],
      ['list', 'empty'],
      ['last', 'empty'],
    ]);
    const revised = (await eventsOf(host, 'r')).find(({ type }) => type === 'plan.revised');
    expect(revised?.data).toMatchObject({ allowedBy: asked?.id, weakened: [{ task: 'look' }] });
    expect(state.status).toMatchObject({ state: 'unverified', note: { code: 'nothing-claimed' } });
  });

  it.each([['ask'], ['never']] as const)(
    'leaves the plan as it was when it is refused, asked with %s',
    async (mode) => {
      const first = await run('unchecked', 'nowhere-at-all', mode);
      const state = mode === 'ask' ? await answer(first, 'rejected') : first;
      expect(named(state)).toEqual([
        ['look', 'empty'],
        ['last', 'empty'],
      ]);
      expect(state.tasks[0]?.steps.reflect).toMatchObject({
        status: 'skipped',
        note: { code: 'plan-stays' },
      });
      expect((await eventsOf(host, 'r')).map(({ type }) => type)).not.toContain('plan.revised');
    },
  );

  it('waits through a change of hosts, and is not allowed by a flag given later', async () => {
    const asking = await run('unchecked', 'nowhere-at-all');
    await host.close();
    host = await openTestHost(data.path, [UNCHECKED]);
    calls = callsOf(host);
    await host.host.start();
    await calls.run.resume({ id: 'go', run: 'r', approve: 'all' });
    const still = await settled(host, 'r');
    expect(openApprovals(still).map(({ id }) => id)).toEqual(openApprovals(asking).map(({ id }) => id));
    expect(named(await answer(still, 'approved'))).toEqual([
      ['look', 'dropped'],
      ['list', 'empty'],
      ['last', 'empty'],
    ]);
  });
});
