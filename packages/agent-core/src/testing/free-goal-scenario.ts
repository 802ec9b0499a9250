import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Failpoint } from '../failpoint/index.ts';
import { runUntilKilled } from './kill.ts';
import { folderInMemory } from './local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from './run-scenario.ts';
import { chatModelAt, chatOf, openScriptedChat } from './scripted-chat.ts';
import { openTestHost } from './test-host.ts';

const CHILD = new URL('./free-goal-child.ts', import.meta.url);
const RUN = 'free';
export const FREE_GOAL = 'Advise me on moonless nights and the oil of the lantern';

const read = { id: 'read', title: 'Read it', tool: 'read_file', arguments: { path: 'keeper.md' }, after: [] };
const oil = { text: 'They burn rape oil.', path: 'keeper.md', line: 1, quote: 'It burns rape oil.' };

/** What the scripted model says: a plan, then that it wants one more look, then an answer. */
export function saidTo(words: string): unknown {
  if (words.includes('"name":"plan"')) return { tasks: [read] };
  const isEnough = words.includes('## list');
  const list = { ...read, id: 'list', tool: 'list_files', arguments: {} };
  return { lines: isEnough ? [oil] : [], missing: null, tasks: isEnough ? [] : [list] };
}

/**
 * Kills a process at the `hit`-th passing of a failpoint while it works a goal out with a model, opens the data folder again and resumes. The end
 * is the same, each fact is there once, and no answer that was recorded is asked for again. Answers false when the run ended before.
 */
export async function killWhileAsking(name: Failpoint, hit: number): Promise<boolean> {
  const home = folderInMemory();
  const chat = await openScriptedChat({ otherwise: saidTo });
  try {
    const folder = join(home.path, 'folder');
    mkdirSync(folder);
    writeFileSync(join(folder, 'keeper.md'), 'It burns rape oil.\n');
    const data = join(home.path, 'data');
    const args = [data, folder, RUN, chat.endpoint.address];
    const ended = await runUntilKilled({ entry: CHILD, args, at: { name, hit } });
    if (!ended.killed && ended.code !== 0) throw new Error(ended.said);
    const opened = await openTestHost(data, [], { chat: chatOf(chatModelAt(chat.endpoint.address)) });
    try {
      await opened.host.start();
      const calls = callsOf(opened);
      const before = await eventsOf(opened, RUN);
      if (before.length === 0) await submitGoal(calls, { run: RUN, folder, goal: FREE_GOAL });
      const answered = before.filter(
        (event) =>
          event.type === 'tool-call.completed' && /(think|answer)[^.]*\.\d+\.execute$/.test(event.data.call),
      ).length;
      const askedBefore = chat.endpoint.asked.length;
      await settled(opened, RUN);
      await calls.run.resume({ id: 'resume', run: RUN });
      const state = await settled(opened, RUN);
      expect(state.status).toMatchObject({ name: 'ended', state: 'verified' });
      expect(state.tasks.map(({ id, status }) => `${id} ${status.name}`)).toEqual([
        ...['guides empty', 'think empty', 'read empty', 'answer dropped', 'list empty', 'answer-2 verified'],
      ]);
      expect(chat.endpoint.asked.length - askedBefore).toBe(3 - answered);
      // Whose tasks they are stands with the run, and what an agent is told came whole through the kill.
      const whose = Object.fromEntries(state.tasks.map(({ id, agent = null }) => [id, agent]));
      expect(whose).toMatchObject({ think: null, list: 'researcher', 'answer-2': 'researcher' });
      const last = JSON.stringify(chat.endpoint.asked.at(-1)?.body);
      expect(last).toContain('You work as the agent researcher');
      const events = await eventsOf(opened, RUN);
      const once = events.flatMap((event) => {
        if (event.type === 'tool-call.completed') return [event.data.call];
        if (event.type === 'plan.revised') return [`revised ${event.data.task}`];
        if (event.type === 'step.completed') return [`${event.data.task}.${event.data.step}`];
        return [];
      });
      expect(new Set(once).size).toBe(once.length);
    } finally {
      await opened.close();
    }
    return ended.killed;
  } finally {
    await chat.close();
    home.remove();
  }
}
