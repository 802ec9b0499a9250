import { isReply, openApprovals, type RunState, replyTo, type TaskState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreeGoalWorld, openFreeGoalWorld } from '../testing/free-goal-world.ts';
import { aScope } from '../testing/local-store.ts';
import { settled, stateOf } from '../testing/run-scenario.ts';

const KEEPER = '# The keeper\nLight the lantern at dusk.\nIt burns rape oil.\n';
const read = { id: 'read', title: 'Read it', tool: 'read_file', arguments: { path: 'keeper.md' }, after: [] };
const write = {
  ...{ id: 'write', title: 'Write it down', tool: 'write_files', after: [] },
  arguments: { files: [{ path: 'oil.md', before: null, text: 'rape oil\n' }] },
};
const oil = { text: 'They burn rape oil.', path: 'keeper.md', line: 3, quote: 'It burns rape oil.' };
const done = { lines: [oil], missing: null, tasks: [] };
const reply = { reply: 'At **dusk**, see keeper.md:2.', lines: [], tasks: [] };

let world: FreeGoalWorld;

beforeEach(async () => {
  world = await openFreeGoalWorld({ 'keeper.md': KEEPER });
});
afterEach(() => world.close());

function of({ tasks }: RunState, id: string): TaskState | undefined {
  return tasks.find((task) => task.id === id);
}

function say(run: string, text: string, id = `said-${text.length}`) {
  return world.calls().run.say({ id, run, text });
}

/** A run that waits for a person to allow a file to be written. */
async function waiting(): Promise<RunState> {
  world.chat.says({ tasks: [read, write] });
  const state = await world.play('r');
  expect(openApprovals(state)).toMatchObject([{ tool: 'write_files' }]);
  return state;
}

async function untilReplied(run: string, task: string): Promise<RunState> {
  for (;;) {
    const state = await stateOf(world.host(), run);
    const status = of(state, task)?.status.name ?? 'queued';
    if (!['queued', 'running', 'retrying'].includes(status)) return state;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('what a person says to a run at work', () => {
  it('is answered within it, and stops nothing that it does', async () => {
    const asking = await waiting();
    world.chat.says(reply);
    expect(await say('r', 'When is it lit?', 'm1')).toMatchObject({ ok: true, stream: 'run/r' });
    const replied = await untilReplied('r', 'reply');
    expect(replied.messages).toMatchObject([
      { id: 'm1', task: 'reply', text: { inline: 'When is it lit?' } },
    ]);
    expect(of(replied, 'reply')).toMatchObject({ title: 'Reply', status: { name: 'empty' } });
    expect(openApprovals(replied).map(({ id }) => id)).toEqual(openApprovals(asking).map(({ id }) => id));
    world.chat.says(done);
    expect((await world.allow(replied)).status).toMatchObject({ name: 'ended', state: 'verified' });
  });

  it('is sent with what the run found, and with what was said and replied before', async () => {
    await waiting();
    world.chat.says(reply, { ...reply, reply: 'With rape oil.' });
    await say('r', 'When is it lit?', 'm1');
    await untilReplied('r', 'reply');
    await say('r', 'And what does it burn?', 'm2');
    await untilReplied('r', 'reply-2');
    const asked = world.chat.asked(2);
    expect(asked).toContain('moonless nights');
    expect(asked).toContain('It burns rape oil.');
    expect(asked).toContain('Person: When is it lit?\\nYou: At **dusk**, see keeper.md:2.');
    expect(asked).toContain('The person says now:\\nAnd what does it burn?');
  });

  it('is looked up first where the model asks for that, and what it quotes is checked', async () => {
    await waiting();
    const looked = { ...reply, lines: [{ ...oil }] };
    world.chat.says({ ...reply, tasks: [{ ...read, id: 'look' }] }, looked);
    await say('r', 'Look again', 'm1');
    const replied = await untilReplied('r', 'reply-2');
    expect(of(replied, 'reply')?.status.name).toBe('dropped');
    expect(of(replied, 'look')?.status.name).toBe('empty');
    expect(of(replied, 'reply-2')).toMatchObject({ status: { name: 'verified' }, insteadOf: ['reply'] });
    expect(replyTo(replied, 'reply')?.id).toBe('reply-2');
    expect(['look', 'reply', 'reply-2'].map((id) => isReply(replied, id))).toEqual([false, false, true]);
    world.chat.says(reply);
    await say('r', 'Thanks', 'm2');
    await untilReplied('r', 'reply-3');
    expect(world.chat.asked(3)).toContain('Person: Look again\\nYou: At **dusk**, see keeper.md:2.');
  });

  it('is recorded once however often it is sent', async () => {
    await waiting();
    world.chat.says(reply, reply);
    const first = await say('r', 'When is it lit?', 'm1');
    expect(first).toMatchObject({ ok: true, stream: 'run/r' });
    expect(await say('r', 'When is it lit?', 'm1')).toMatchObject({ ok: true, stream: 'run/r' });
    const replied = await untilReplied('r', 'reply');
    expect(replied.messages).toHaveLength(1);
    expect(world.chat.endpoint.asked).toHaveLength(2);
  });

  it('costs the run nothing but the reply when the model fails', async () => {
    const asking = await waiting();
    for (let tries = 0; tries < 4; tries += 1)
      world.chat.endpoint.scripts.push({ status: 401, body: { error: { message: 'no' } } });
    await say('r', 'When is it lit?', 'm1');
    const replied = await untilReplied('r', 'reply');
    expect(of(replied, 'reply')?.status).toMatchObject({ name: 'failed' });
    world.chat.endpoint.scripts.length = 0;
    world.chat.says(done);
    expect((await world.allow(asking)).status).toMatchObject({ state: 'verified' });
  });

  it('asks before anything is changed for it', async () => {
    world.chat.says({ tasks: [read, write] });
    const asking = await world.play('r');
    const another = {
      ...write,
      id: 'another',
      arguments: { files: [{ path: 'wick.md', before: null, text: 'wick\n' }] },
    };
    world.chat.says({ ...reply, tasks: [another] });
    await say('r', 'Write about the wick too', 'm1');
    await untilReplied('r', 'another');
    const now = await stateOf(world.host(), 'r');
    expect(openApprovals(now)).toHaveLength(openApprovals(asking).length + 1);
    expect(of(now, 'another')?.status.name).toBe('waiting');
  });
});

describe('a reply under way', () => {
  it('is stopped at once; the run goes on, and what the model took is on record', async () => {
    const asking = await waiting();
    world.chat.endpoint.scripts.push({ text: JSON.stringify(reply), pace: 30_000 });
    await say('r', 'When is it lit?', 'm1');
    while (world.chat.endpoint.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await world.calls().run.skipTask({ id: 'stop', run: 'r', task: 'reply' })).toMatchObject({
      ok: true,
    });
    const stopped = await untilReplied('r', 'reply');
    expect(of(stopped, 'reply')?.status).toMatchObject({ name: 'skipped', note: { code: 'reply-stopped' } });
    world.chat.says(done);
    const ended = await world.allow(asking);
    expect(ended.status).toMatchObject({ state: 'verified' });
    expect(ended.calls['r.reply.1.execute']?.outcome).toMatchObject({
      name: 'failed',
      spent: { requests: 1 },
    });
  });
});

describe('a reply that is stopped in the moment it is decided about', () => {
  it.each(['step.started', 'model.routed', 'tool-call.decided'] as const)(
    'stays stopped, and nobody is asked for it, at %s',
    async (type) => {
      world.useModels([{ ...world.chat.model, local: false }]);
      world.chat.says({ tasks: [write] });
      const asking = await world.allow(await world.play('r'), 'run');
      world.chat.says(reply);
      const stopped = new Promise((resolve) => {
        const stop = world.host().store.ledger.watch(aScope(), (events) => {
          const isHere = events.some(
            (event) =>
              event.type === type &&
              'task' in event.data &&
              event.data.task === 'reply' &&
              (event.type !== 'step.started' || event.data.step === 'execute'),
          );
          if (!isHere) return;
          stop();
          resolve(world.calls().run.skipTask({ id: 'stop', run: 'r', task: 'reply' }));
        });
      });
      await say('r', 'When is it lit?', 'm1');
      expect(await stopped).toMatchObject({ ok: true });
      world.chat.endpoint.scripts.length = 0;
      world.chat.says(done);
      const ended = await world.allow(asking);
      expect(ended.status).toMatchObject({ name: 'ended', state: 'verified' });
      expect(of(ended, 'reply')?.status).toMatchObject({ name: 'skipped', note: { code: 'reply-stopped' } });
      expect(Object.values(ended.calls).filter(({ outcome }) => outcome.name === 'started')).toEqual([]);
    },
  );
});

describe('what a person says to a run that has ended', () => {
  it('begins a run of its own, which knows what that one found and what was said', async () => {
    world.chat.says({ tasks: [read] }, done, reply, { ...reply, reply: 'Every night.' });
    await world.play('r');
    expect(await say('r', 'When is it lit?', 'f1')).toMatchObject({ ok: true, stream: 'run/f1' });
    const first = await settled(world.host(), 'f1');
    expect(first).toMatchObject({ follows: 'r', plan: { ref: { name: 'follow-up' } } });
    expect(first.status).toMatchObject({ name: 'ended' });
    await say('f1', 'And how often?', 'f2');
    await settled(world.host(), 'f2');
    const asked = world.chat.asked(3);
    expect(asked).toContain('moonless nights');
    expect(asked).toContain('It burns rape oil.');
    expect(asked).toContain('Person: When is it lit?\\nYou: At **dusk**, see keeper.md:2.');
    expect(asked).toContain('The person says now:\\nAnd how often?');
  });
});

describe('what cannot be answered', () => {
  it('is refused by name, and nothing is recorded', async () => {
    const asking = await waiting();
    expect(await say('r', '  ')).toMatchObject({ fault: { code: 'GOAL_EMPTY' } });
    expect(await say('nowhere', 'Hello')).toMatchObject({ fault: { code: 'RUN_UNKNOWN' } });
    world.useModels([]);
    expect(await say('r', 'Hello')).toMatchObject({ fault: { code: 'MODEL_NONE_FITS' } });
    expect((await stateOf(world.host(), 'r')).sequence).toBe(asking.sequence);
  });
});
