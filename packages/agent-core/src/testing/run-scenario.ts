import { setTimeout as after } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import type { HostCalls } from '@soma/schemas/contract';
import { type ApproveMode, inRun, type RecordedRunEvent, runStream } from '@soma/schemas/event';
import { fold, phaseOf, type RunState } from '@soma/schemas/run';
import { readRun } from '../engine/index.ts';
import { aScope } from './local-store.ts';
import type { TestHost } from './test-host.ts';

/** A small plan that no TypeScript knows of: two branches, quotes and counts, two cards. */
export const SMALL_PLAN = `
schema: packaged-plan.v1
name: name-the-files
version: 1.0.0
title: Name the files
description: Lists the files, finds the lines that say TWO, and reads one file.
examples: [name the files]
rights: [read, board]
slots:
  - { name: word, title: The word to find, required: true }
tasks:
  - id: list
    title: List
    tool: list_files
    claims:
      - id: each
        kind: quoted
        each: result.files[first != null]
        text: item.path & " is here"
        path: item.path
        line: item.first.line
        quote: item.first.quote
    checks: [quoted]
    artifact: { title: Files, icon: files }
  - id: find
    title: Find
    tool: search_files
    after: [list]
    arguments: { text: =slots.word, wholeWord: true }
    claims:
      - id: hit
        kind: recounted
        each: result.hits
        text: '"It says " & slots.word'
        path: item.path
        line: item.line
        quote: item.quote
        recount: { of: matches, subject: item.path, needle: slots.word, value: '$count(result.hits[path = $$.item.path])' }
    checks: [recounted]
    artifact: { title: Found, icon: search, lines: '{ "text": $string(result.searched) & " files searched" }' }
  - id: read
    title: Read
    tool: read_file
    after: [list]
    arguments: { path: '=tasks.list.files[0].path' }
    claims:
      - id: first
        kind: quoted
        each: result.lines[0]
        text: '"It begins with " & item.quote'
        path: result.path
        line: item.line
        quote: item.quote
    checks: [quoted]
`;

/** The person's calls on a host, in process. */
export function callsOf({ host }: TestHost): HostCalls {
  return createRouterClient(host.router, { context: { scope: host.scope() } });
}

export interface Asked {
  readonly run: string;
  readonly folder: string;
  readonly goal: string;
  readonly plan?: string;
  readonly slots?: Record<string, string>;
  readonly approve?: ApproveMode;
}

/** Opens the folder, makes a canvas named after the run, and submits the goal. */
export async function submitGoal(
  calls: HostCalls,
  { run, folder, goal, plan, slots = {}, approve = 'ask' }: Asked,
): Promise<void> {
  const granted = await calls.folder.grant({ id: `folder-${run}`, path: folder });
  if (!granted.ok) throw new Error(granted.fault.code);
  const canvas = `canvas-${run}`;
  const created = await calls.canvas.create({ id: canvas, title: goal, folder: granted.folder });
  if (!created.ok) throw new Error(created.fault.code);
  const submitted = await calls.goal.submit({
    id: run,
    text: goal,
    folder: granted.folder,
    canvas,
    plan: plan ?? null,
    slots,
    approve,
  });
  if (!submitted.ok) throw new Error(submitted.fault.code);
}

export function eventsOf({ store }: TestHost, run: string): Promise<RecordedRunEvent[]> {
  return readRun(store.ledger, aScope(), { run });
}

/** The run as it is now; throws where there is none. */
export async function stateOf(host: TestHost, run: string): Promise<RunState> {
  const state = fold(await eventsOf(host, run));
  if (state === null) throw new Error(`there is no run ${run}`);
  return state;
}

/** Waits until the run has ended (or waits for a person); throws after 40 seconds. */
export async function settled(host: TestHost, run: string): Promise<RunState> {
  const over = new AbortController();
  const late = after(40_000, null, { signal: over.signal }).then(
    () => 'late' as const,
    () => 'over' as const,
  );
  let onNews: () => void = () => undefined;
  const stopWatching = host.store.ledger.watch(aScope(), (events) => {
    if (events.some((event) => inRun(event)?.stream === runStream(run))) onNews();
  });
  try {
    for (;;) {
      const news = new Promise<'news'>((resolve) => {
        onNews = () => resolve('news');
      });
      const state = fold(await eventsOf(host, run));
      if (state !== null && !['planning', 'running'].includes(phaseOf(state))) return state;
      if ((await Promise.race([news, late])) === 'late')
        throw new Error(`the run is still ${state === null ? 'unknown' : phaseOf(state)}`);
    }
  } finally {
    stopWatching();
    over.abort();
  }
}
