import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCalls, Reach } from '@soma/schemas/contract';
import type { RunState } from '@soma/schemas/run';
import { openApprovals } from '@soma/schemas/run';
import { callsOf, eventsOf, settled, submitGoal } from './run-scenario.ts';
import { chatOf, openScriptedChat } from './scripted-chat.ts';
import { openTestHost, type TestHost } from './test-host.ts';

/** Reads two files one after the other; the second is not there at first. */
const READING_PLAN = `
schema: packaged-plan.v1
name: read-both
version: 1.0.0
title: Read both
description: Reads a file, then another one.
examples: [read both of them]
rights: [read, board]
tasks:
  - id: first
    title: First
    tool: read_file
    arguments: { path: README.md }
    claims:
      - { id: line, kind: quoted, each: 'result.lines[0]', text: item.quote, path: result.path, line: item.line, quote: item.quote }
    checks: [quoted]
    artifact: { title: The first, icon: file-text }
  - { id: second, title: Second, tool: read_file, after: [first], arguments: { path: later.md } }
  - { id: third, title: Third, tool: list_files, after: [second] }
`;

/** Looks for what is not there, and then lists the files, which checks less: its plan is revised by a person's leave. */
const LOOKING_PLAN = `
schema: packaged-plan.v1
name: look-then-list
version: 1.0.0
title: Look, then list
description: Looks for a line, and lists the files where there is none.
examples: [look and then list]
rights: [read]
tasks:
  - id: look
    title: Look
    tool: search_files
    arguments: { text: Nowhere in any file }
    claims:
      - { id: line, kind: quoted, each: result.hits, text: item.quote, path: item.path, line: item.line, quote: item.quote }
    checks: [quoted]
    enough: $count(result.hits) > 0
    otherwise: [list]
  - { id: list, title: List, tool: list_files }
`;

const PLANS = [READING_PLAN, LOOKING_PLAN];

/** A data folder and a folder to work on, under one root. */
export interface EventWorld {
  readonly data: string;
  readonly work: string;
}

/**
 * Lets a person do, on the product's own host, everything that any durable event tells of. Answers the host as it is then, its outbox still
 * full.
 */
export async function liveThrough({ data, work }: EventWorld): Promise<TestHost> {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'README.md'), '# Lantern\nLantern reads logs.\n');
  const chat = await openScriptedChat();
  const first = await openTestHost(data, PLANS, { chat: chatOf(chat.model) });
  await first.host.start();
  await workedOn(first, work);
  const look = { id: 'look', title: 'Look', tool: 'list_files', arguments: {}, after: [] };
  chat.says({ tasks: [look] }, { lines: [], missing: 'Nothing says so.', tasks: [] });
  await submitGoal(callsOf(first), { run: 'asking', folder: work, goal: 'Who reads', plan: 'free-goal' });
  await settled(first, 'asking');
  const calls = callsOf(first);
  // Still waiting for a person when the host leaves: the next one finds it cut off.
  await submitGoal(calls, { run: 'cut-off', folder: work, goal: 'rename Lantern to Lamp' });
  await waiting(first, 'cut-off');
  chat.says({ reply: 'One word.', lines: [], tasks: [] });
  await must(calls.run.say({ id: 'say', run: 'cut-off', text: 'What will you change?' }));
  await first.close();
  await chat.close();
  const next = await openTestHost(data, PLANS);
  await next.host.start();
  await must(callsOf(next).run.resume({ id: 'go-on', run: 'cut-off' }));
  await must(callsOf(next).run.stop({ id: 'stop', run: 'cut-off' }));
  await must(callsOf(next).budget.set({ id: 'budget', budget: { perRun: 2, perDay: null } }));
  return next;
}

async function workedOn(opened: TestHost, work: string): Promise<void> {
  const calls = callsOf(opened);
  const failing = { run: 'failing', folder: work, goal: 'read both of them', plan: 'read-both' };
  await submitGoal(calls, failing);
  await settled(opened, 'failing');
  writeFileSync(join(work, 'later.md'), 'There now.\n');
  await must(calls.run.retryTask({ id: 'again', run: 'failing', task: 'second' }));
  await settled(opened, 'failing');
  await branched(opened, calls);
  await submitGoal(calls, {
    run: 'revised',
    folder: work,
    goal: 'look and then list',
    plan: 'look-then-list',
  });
  await answerAll(opened, { calls, run: 'revised' });
  await changed(opened, { calls, work });
  await kept(calls);
  const folder = await granted(calls, work);
  await must(calls.folder.move({ id: 'moved', folder, path: work }));
  rmSync(join(work, 'later.md'));
}

/** A branch that waits, of which a task gets other arguments and another is left out. */
async function branched(opened: TestHost, calls: HostCalls): Promise<void> {
  const planned = (await eventsOf(opened, 'failing')).find(({ type }) => type === 'plan.approved');
  const sequence = planned?.sequence ?? 1;
  const branch = { id: 'branch', run: 'failing', sequence, approve: 'ask', paused: true } as const;
  await must(calls.run.fork(branch));
  const given = { path: 'README.md' };
  await must(calls.run.editTask({ id: 'edit', run: 'branch', task: 'second', arguments: given }));
  await must(calls.run.skipTask({ id: 'skip', run: 'branch', task: 'third' }));
  await must(calls.run.resume({ id: 'resume', run: 'branch' }));
  await settled(opened, 'branch');
}

/** A change of files, allowed for a while and taken back. */
async function changed(
  opened: TestHost,
  { calls, work }: { readonly calls: HostCalls; readonly work: string },
): Promise<void> {
  await submitGoal(calls, { run: 'change', folder: work, goal: 'rename Lantern to Lamp' });
  const until = new Date(Date.now() + 3600_000).toISOString();
  await answerAll(opened, { calls, run: 'change', reach: { scope: 'folder', until } });
  const undo = { id: 'undo', run: 'change', paths: null };
  const undone = await calls.run.undoFiles(undo);
  if (!undone.ok) throw new Error(undone.fault.code);
  for await (const news of await calls.workspace.watch({})) {
    if (news.type !== 'snapshot') continue;
    const [permission] = news.workspace.permissions;
    if (permission === undefined) throw new Error('nothing is permitted');
    await must(calls.permission.revoke({ id: 'revoke', permission: permission.id }));
    break;
  }
}

async function answerAll(
  opened: TestHost,
  {
    calls,
    run,
    reach = { scope: 'once' },
  }: { readonly calls: HostCalls; readonly run: string; readonly reach?: Reach },
): Promise<void> {
  for (let state = await settled(opened, run); state.status.name !== 'ended'; ) {
    const [asked] = openApprovals(state);
    if (asked === undefined) throw new Error(`${run} is ${state.status.name}`);
    await must(
      calls.approval.answer({
        ...{ id: `answer-${asked.id}`.replaceAll(/[^\w-]/g, '-').slice(0, 100), run },
        ...{ approval: asked.id, argumentsHash: asked.arguments.hash, answer: 'approved', reach },
      }),
    );
    state = await settled(opened, run);
  }
}

/** A plan of the person's own comes and goes. */
async function kept(calls: HostCalls): Promise<void> {
  const source = READING_PLAN.replaceAll('read-both', 'read-mine').replace('read both of them', 'read mine');
  const keeping = await calls.plan.keep({ id: 'keep', source });
  if (!keeping.ok) throw new Error(keeping.fault.code);
  await must(calls.plan.forget({ id: 'forget', plan: 'read-mine' }));
}

async function waiting(opened: TestHost, run: string): Promise<RunState> {
  const state = await settled(opened, run);
  if (openApprovals(state).length === 0) throw new Error(`${run} does not wait`);
  return state;
}

async function granted(calls: HostCalls, path: string): Promise<string> {
  const answer = await calls.folder.grant({ id: 'known', path });
  if (!answer.ok) throw new Error(answer.fault.code);
  return answer.folder;
}

async function must(answer: Promise<{ ok: true } | { ok: false; fault: { code: string } }>): Promise<void> {
  const answered = await answer;
  if (!answered.ok) throw new Error(answered.fault.code);
}
