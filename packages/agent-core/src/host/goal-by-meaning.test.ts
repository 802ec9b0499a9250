import type { PlanMatch } from '@soma/schemas/contract';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/local-store.ts';
import { callsOf } from '../testing/run-scenario.ts';
import { ScriptedModel } from '../testing/scripted-model.ts';
import { openTestHost } from '../testing/test-host.ts';

it('a goal is answered by its words until the model knows the plans, then by what it means', async () => {
  const data = temporaryFolder();
  const model = new ScriptedModel({
    alike: [
      ['summarise', 'digest'],
      ['table', 'grid'],
    ],
  });
  const host = await openTestHost(data.path, [], { model });
  try {
    const calls = callsOf(host);
    const best = async (): Promise<PlanMatch | undefined> => {
      const matched = await calls.goal.match({ text: 'digest this grid', folder: null });
      return matched.ok ? matched.plans[0] : undefined;
    };
    expect(await best()).toMatchObject({ fits: false, by: 'words' });
    await expect.poll(best).toMatchObject({ name: 'summarise-table', fits: true, by: 'meaning' });
    const exact = await calls.goal.match({ text: 'explain this folder', folder: null });
    expect(exact.ok && exact.plans[0]).toMatchObject({ name: 'explain-folder', fits: true, by: 'words' });
  } finally {
    await host.close();
    data.remove();
  }
});
