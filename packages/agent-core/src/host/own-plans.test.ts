import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCalls } from '@soma/schemas/contract';
import { phaseOf } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemHasher } from '../adapter/system/index.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { callsOf, SMALL_PLAN, settled, submitGoal } from '../testing/run-scenario.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

const OWN = SMALL_PLAN.trimStart();
const NAME = 'name-the-files';

describe("a person's own plans", () => {
  let home: ReturnType<typeof temporaryFolder>;
  let opened: TestHost;
  let calls: HostCalls;
  let ids = 0;
  const nextId = () => {
    ids += 1;
    return `id-${ids}`;
  };
  const plans = () => join(home.path, 'data', 'plans');
  const edit = (file: string, text: string) => {
    mkdirSync(plans(), { recursive: true });
    writeFileSync(join(plans(), file), text);
  };
  const keep = (source: string, id = nextId()) => calls.plan.keep({ id, source });
  const forget = (plan: string, id = nextId()) => calls.plan.forget({ id, plan });
  const own = async () => {
    const answer = await calls.plan.list({});
    if (!answer.ok) throw new Error(answer.fault.code);
    return answer.plans.filter((plan) => plan.own);
  };
  const match = async (text: string) => {
    const answer = await calls.goal.match({ text, folder: null });
    if (!answer.ok) throw new Error(answer.fault.code);
    return answer.plans;
  };

  beforeEach(async () => {
    home = temporaryFolder();
    mkdirSync(join(home.path, 'folder'));
    writeFileSync(join(home.path, 'folder', 'a.txt'), 'ONE\nTWO\n');
    opened = await openTestHost(join(home.path, 'data'));
    await opened.host.start();
    calls = callsOf(opened);
  });
  afterEach(async () => {
    await opened.close();
    home.remove();
  });

  it('are matched beside the packaged ones, say that they are own, and end verified', async () => {
    expect(await keep(OWN)).toMatchObject({ ok: true, plan: NAME, hash: systemHasher.sha256(OWN) });
    const [best] = await match('name the files');
    expect(best).toMatchObject({ name: NAME, own: true, fits: true });
    expect((await match('explain this folder'))[0]).toMatchObject({ name: 'explain-folder', own: false });
    const goal = { run: 'r1', folder: join(home.path, 'folder'), goal: 'name the files' };
    await submitGoal(calls, { ...goal, slots: { word: 'TWO' } });
    const state = await settled(opened, 'r1');
    expect(phaseOf(state)).toBe('verified');
    expect(state.plan?.ref).toEqual({ name: NAME, version: '1.0.0', hash: systemHasher.sha256(OWN) });
  });

  it('are listed as they are after any editor changed them, and never used while they are no plan', async () => {
    await keep(OWN);
    edit(`${NAME}.yaml`, OWN.replace('title: Name the files', 'title: Name them all'));
    expect(await own()).toMatchObject([{ name: NAME, title: 'Name them all', faults: [] }]);
    edit(`${NAME}.yaml`, OWN.replace('tool: list_files', 'tool: none'));
    expect(await own()).toMatchObject([
      { name: NAME, title: null, rights: [], faults: [{ code: 'TOOL_UNKNOWN', data: { line: 13 } }] },
    ]);
    expect((await match('name the files')).map(({ name }) => name)).not.toContain(NAME);
    appendFileSync(join(plans(), `${NAME}.yaml`), '\n"');
    expect((await own())[0]?.faults[0]).toMatchObject({ code: 'PLAN_INVALID', data: { where: 'yaml' } });
    edit(`${NAME}.yaml`, OWN);
    expect((await match('name the files'))[0]).toMatchObject({ name: NAME });
  });

  it('change no run that follows them: it goes on with the plan it began with', async () => {
    await keep(OWN);
    const stop = opened.store.ledger.watch(aScope(), (events) => {
      if (!events.some(({ type }) => type === 'plan.proposed')) return;
      edit(`${NAME}.yaml`, OWN.replaceAll('TWO', 'THREE').replace('tool: read_file', 'tool: list_files'));
    });
    const goal = { run: 'r1', folder: join(home.path, 'folder'), goal: 'name the files', plan: NAME };
    await submitGoal(calls, { ...goal, slots: { word: 'TWO' } });
    const state = await settled(opened, 'r1');
    stop();
    expect(phaseOf(state)).toBe('verified');
    expect(state.tasks.map(({ tool }) => tool)).toEqual(['list_files', 'search_files', 'read_file']);
    expect(state.plan?.ref.hash).toBe(systemHasher.sha256(OWN));
    expect((await own())[0]?.hash).not.toBe(systemHasher.sha256(OWN));
  });

  it('may use only tools there are, and only what they say they have the right to', async () => {
    const bold = OWN.replace('tool: read_file', 'tool: run_command').replace(
      'tool: search_files',
      'tool: hack',
    );
    const refused = await keep(bold);
    expect(refused).toMatchObject({
      ok: false,
      faults: [{ code: 'TOOL_UNKNOWN' }, { code: 'PLAN_INVALID' }],
    });
    expect(existsSync(plans())).toBe(false);
  });

  it('take no name of a packaged plan, and of two with one name neither is used', async () => {
    const packaged = OWN.replace(`name: ${NAME}`, 'name: change-text');
    expect(await keep(packaged)).toMatchObject({
      ok: false,
      faults: [{ code: 'PLAN_NAME_TAKEN', data: { why: 'packaged' } }],
    });
    edit('change-text.yaml', packaged);
    edit('one.yaml', OWN);
    edit('two.yaml', OWN);
    expect(
      (await own()).map(({ name, faults }) => [name, faults.map(({ code, data }) => [code, data.path])]),
    ).toEqual([
      ['change-text', [['PLAN_NAME_TAKEN', undefined]]],
      [NAME, [['PLAN_NAME_TAKEN', join(plans(), 'two.yaml')]]],
      [NAME, [['PLAN_NAME_TAKEN', join(plans(), 'one.yaml')]]],
    ]);
    expect(await keep(OWN)).toMatchObject({ ok: false, fault: { code: 'PLAN_NAME_TAKEN' } });
    expect(await forget(NAME)).toMatchObject({ ok: false, fault: { code: 'PLAN_NAME_TAKEN' } });
    expect(await match('change text')).toSatisfy((all: readonly { own: boolean }[]) =>
      all.every((one) => !one.own),
    );
    expect(await forget('two')).toMatchObject({ ok: true });
    expect((await own()).map(({ faults }) => faults.length)).toEqual([1, 0]);
  });

  it('are replaced by a newer text in the file they have, and nothing of the older is lost', async () => {
    edit('mine.yaml', OWN);
    const newer = OWN.replace('version: 1.0.0', 'version: 1.1.0');
    expect(await keep(newer)).toMatchObject({ ok: true, path: join(plans(), 'mine.yaml') });
    expect((await own()).map(({ version }) => version)).toEqual(['1.1.0']);
    const [old = ''] = readdirSync(join(plans(), 'removed'));
    expect(readFileSync(join(plans(), 'removed', old), 'utf8')).toBe(OWN);
    edit('other.yaml', OWN.replace(NAME, 'mine'));
    edit('new-one.yaml', OWN.replace(NAME, 'another'));
    expect(await keep(OWN.replace(NAME, 'new-one'))).toMatchObject({
      ok: false,
      fault: { code: 'PLAN_NAME_TAKEN', data: { why: 'file' } },
    });
  });

  it('are removed by name, which is answered the same when it is sent again', async () => {
    await keep(OWN);
    const first = await forget(NAME, 'once');
    expect(first).toMatchObject({ ok: true });
    expect(await forget(NAME, 'once')).toEqual(first);
    expect(await own()).toEqual([]);
    expect(await forget(NAME)).toMatchObject({ ok: false, fault: { code: 'PLAN_UNKNOWN' } });
    expect(await forget('change-text')).toMatchObject({ ok: false, fault: { code: 'PLAN_NOT_OWN' } });
    edit('broken.yaml', 'no plan');
    expect(await forget('broken')).toMatchObject({ ok: true });
    expect(await own()).toEqual([]);
  });

  it('are kept once however often that is sent, and by two people at a time one after the other', async () => {
    const answers = await Promise.all([
      keep(OWN, 'a'),
      keep(OWN, 'a'),
      keep(OWN.replace('1.0.0', '2.0.0'), 'b'),
    ]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(answers[1]).toEqual(answers[0]);
    expect((await own()).map(({ version }) => version)).toEqual(['2.0.0']);
  });

  it('that cannot be read at all leave the packaged ones as they are', async () => {
    mkdirSync(join(home.path, 'data'), { recursive: true });
    writeFileSync(plans(), 'a file');
    expect(await calls.plan.list({})).toMatchObject({ ok: false, fault: { code: 'DATA_FOLDER_UNUSABLE' } });
    expect((await match('explain this folder'))[0]).toMatchObject({ name: 'explain-folder' });
    expect(await keep(OWN)).toMatchObject({ ok: false, faults: [{ code: 'DATA_FOLDER_UNUSABLE' }] });
  });
});
