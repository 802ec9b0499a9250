import type { RecordedRunEvent } from '@soma/schemas/event';
import { fold } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun, recordedEvent } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Inspector } from '../inspector/index.ts';
import { PlanGraph } from './plan-graph.tsx';
import { TaskFace, useTask } from './task-face.tsx';

const RUN = 'run-fastq';
const reader = {
  ...{
    name: 'reader',
    title: 'Reader',
    description: 'Reads.',
    tools: ['find_facts', 'read_file'],
    own: true,
  },
  ...{ needs: { passed: [] }, limits: {}, hash: 'b'.repeat(64) },
  instructions: { hash: 'd'.repeat(64), size: 5, mediaType: 'text/markdown', inline: 'Read.' },
};

/** The recorded run, its task `facts` an agent's. */
const run: readonly RecordedRunEvent[] = fastqRun.map((event) => {
  if (event.type !== 'plan.proposed') return event;
  const tasks = event.data.tasks.map((task) => (task.id === 'facts' ? { ...task, agent: 'reader' } : task));
  return recordedEvent({ ...event, data: { ...event.data, tasks, agents: [reader] } }, event.sequence);
});
const script = { runs: [run], contents: fastqContents };

function Face({ task }: { readonly task: string }) {
  const facts = useTask(RUN, task);
  return facts === null ? null : <TaskFace run={RUN} facts={facts} selected={false} />;
}

describe('the agent of a task', () => {
  it('stands on its node, and on no other', async () => {
    const planned = run.flatMap((event) => (event.type === 'plan.proposed' ? event.data.tasks : []));
    await show(
      <div style={{ width: 208 }}>
        {planned.map(({ id }) => (
          <Face key={id} task={id} />
        ))}
      </div>,
      script,
    );
    for (const { title } of planned)
      await expect.element(page.getByText(title, { exact: true })).toBeVisible();
    expect(planned.length).toBeGreaterThan(1);
    expect(page.getByText('Reader', { exact: true }).elements()).toHaveLength(1);
  });

  it('is named by its tile of the plan in small', async () => {
    const state = fold(run);
    if (state === null) throw new Error('no run');
    await show(<PlanGraph state={state} room={600} onOpen={() => undefined} />, {});
    const named = page.getByRole('button', { name: /, Reader$/ });
    await expect.element(named).toBeVisible();
    expect(named.elements()).toHaveLength(1);
  });

  it('is told in the inspector with whose it is and what it may use', async () => {
    await show(<Inspector />, script, ({ view }) => view.select({ kind: 'task', run: RUN, task: 'facts' }));
    await expect
      .element(page.getByText('Reader, an agent of yours. May use find_facts, read_file.'))
      .toBeVisible();
  });
});
