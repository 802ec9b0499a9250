import { fold, type RunState } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Client } from '../../client/index.ts';
import { renameContents, renameRun, revisedRun, untilAsked } from '../../testing/recorded-run.ts';
import { LiveNews } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { ApprovalsPage } from '../approval/index.ts';
import { Inspector } from '../inspector/index.ts';
import { RunFrame } from '../run/index.ts';
import { Shell } from '../shell/index.ts';
import { Scrubber } from '../travel/index.ts';
import { insteadArrows, PlanGraph } from './plan-graph.tsx';

const RUN = 'run-revised';
const WHY = '“Look for the line” did not find enough, so the plan takes another way.';

function stateOf(): RunState {
  const state = fold(revisedRun);
  if (state === null) throw new Error('no run');
  return state;
}

const names = () =>
  page
    .getByRole('button')
    .elements()
    .map((each) => each.getAttribute('aria-label'));

describe('a revised plan', () => {
  it('shows in its graph what was given up, what came in its place, and the arrow from that', async () => {
    const opened: string[] = [];
    await show(<PlanGraph state={stateOf()} room={600} onOpen={(task) => opened.push(task)} />, {});
    await expect
      .poll(names)
      .toEqual([
        'Look for the line: Given up',
        'List the files: Done, in the place of Look for the line',
        'Read it: Verified',
      ]);
    const given = page.getByRole('button', { name: 'Look for the line: Given up' });
    expect(getComputedStyle(given.element()).borderStyle).toBe('dashed');
    await given.click();
    expect(opened).toEqual(['look']);
    const arrow = document.querySelector<SVGPathElement>('[data-edge="instead"]');
    const [from, to] = [given, page.getByRole('button', { name: /^List the files/ })].map((tile) =>
      tile.element().getBoundingClientRect(),
    );
    const drawn = arrow?.getBoundingClientRect();
    expect(Math.round(drawn?.top ?? 0)).toBe(Math.round(from?.bottom ?? 1));
    expect(Math.round(drawn?.bottom ?? 0)).toBe(Math.round(to?.top ?? 1));
    expect(arrow?.getAttribute('marker-end')).toBe('url(#edge-head-instead)');
  });

  it('has few arrows to what came in the place of many tasks: from where these began to where those begin', () => {
    const task = (id: string, after: readonly string[], insteadOf?: readonly string[]) => ({
      id,
      after: [...after],
      ...(insteadOf !== undefined && { insteadOf: [...insteadOf] }),
    });
    const gone = ['a', 'b'];
    const again = ['x', 'y'];
    const tasks = [
      task('start', []),
      task('a', ['start']),
      task('b', ['a']),
      task('x', ['start'], gone),
      task('y', ['x'], gone),
      task('z', ['start'], again),
    ];
    expect(insteadArrows(tasks)).toEqual([
      { from: 'a', to: 'x' },
      { from: 'x', to: 'z' },
    ]);
  });

  it('is counted in the header of its run, with the reason in the inspector', async () => {
    const { client } = await show(
      <>
        <div style={{ height: 400 }}>
          <RunFrame run={RUN} selected={false} />
        </div>
        <Inspector />
      </>,
      { runs: [revisedRun] },
      ({ view }) => view.select({ kind: 'run', run: RUN }),
    );
    await expect.element(page.getByText(/^1 of 3 tasks verified.*1 given up/)).toBeVisible();
    await page.getByRole('tab', { name: /^Timeline/ }).click();
    await expect.element(page.getByText(WHY)).toBeVisible();
    client.view.select({ kind: 'task', run: RUN, task: 'look' });
    await expect.element(page.getByText('Reflect')).toBeVisible();
    expect(page.getByRole('button', { name: 'Do it again' }).elements()).toEqual([]);
    client.view.select({ kind: 'task', run: RUN, task: 'list' });
    await expect.element(page.getByRole('button', { name: 'Do it again' })).toBeVisible();
  });

  it('moves the tasks of its frame on the board, so that none covers another', async () => {
    const at = revisedRun.findIndex(({ type }) => type === 'plan.revised');
    const live = new LiveNews();
    const canvas = { id: 'c1', title: 'Board', folder: 'f1' };
    const fill = ({ link, view }: Client) => {
      const tasks = stateOf().tasks.map(({ id, after }) => ({ id, after }));
      link.canvases.open(canvas.id).apply([{ type: 'place-run', id: 'r', run: RUN, tasks }]);
      view.openCanvas(canvas.id);
    };
    const folders = [{ id: 'f1', path: '/home/mk/lantern', name: 'lantern' }];
    await show(<Shell />, { runs: [revisedRun.slice(0, at)], folders, canvases: [canvas], live }, fill);
    const boxes = () =>
      [...document.querySelectorAll<HTMLElement>('.react-flow__node[data-id^="r::"]')].map((node) => {
        const { left, top, right, bottom } = node.getBoundingClientRect();
        return { left, top, right, bottom };
      });
    await expect.poll(() => boxes().length).toBe(2);
    live.tell(revisedRun.slice(at, at + 1));
    await expect.poll(() => boxes().length).toBe(3);
    const covered = () =>
      boxes().some((one, place) =>
        boxes().some(
          (other, next) =>
            next > place &&
            one.left < other.right &&
            other.left < one.right &&
            one.top < other.bottom &&
            other.top < one.bottom,
        ),
      );
    await expect.poll(covered).toBe(false);
    await expect.poll(() => document.querySelectorAll('.react-flow [data-edge="instead"]').length).toBe(1);
  });

  it('has a line on the timeline, with the reason', async () => {
    const at = revisedRun.findIndex(({ type }) => type === 'plan.revised') + 1;
    await show(<Scrubber />, { runs: [revisedRun] }, ({ view, travel }) => {
      view.select({ kind: 'run', run: RUN });
      travel.enter(RUN, at);
    });
    await expect.element(page.getByText(`Plan revised, with 1 other task. ${WHY}`)).toBeVisible();
  });

  it('is asked about where checks go: why, what goes and comes, which checks; and the answer is for it alone', async () => {
    const { host } = await show(
      <div className="relative h-[856px] w-[1200px]">
        <ApprovalsPage />
      </div>,
      { runs: [untilAsked(revisedRun)], folders: [{ id: 'f', path: '/home/mk/lantern', name: 'lantern' }] },
    );
    const question = page.getByRole('region', {
      name: 'Let this run go on with fewer checks, without “Look for the line”?',
    });
    await expect.element(question).toBeVisible();
    const words = () => question.element().textContent ?? '';
    await expect.poll(words).toContain(`Why${WHY}`);
    expect(words()).toContain('Given upLook for the line');
    expect(words()).toContain('Comes in its placeList the files');
    expect(words()).toContain('Exact change');
    expect(words()).not.toContain('Exact call');
    expect(words()).toContain('No longer checkedEach quote must equal its line.');
    expect(words()).toContain('a check of work that is not done is dropped only by a person');
    expect(words()).toContain('The plan is as it was, and nothing begins.');
    expect(question.getByRole('radio').elements()).toEqual([]);
    await userEvent.click(page.getByRole('button', { name: 'Approve once' }));
    await expect
      .poll(() => host.received.map(({ command, input }) => [command, input['answer']]))
      .toEqual([['approval.answer', 'approved']]);
  });

  it('is named for what it is beside other questions, and is never approved for longer than once', async () => {
    await show(
      <div className="relative h-[856px] w-[1200px]">
        <ApprovalsPage />
      </div>,
      {
        runs: [untilAsked(revisedRun), untilAsked(renameRun)],
        contents: renameContents,
        folders: [{ id: 'f', path: '/home/mk/lantern', name: 'lantern' }],
      },
    );
    const rows = page.getByRole('listbox', { name: 'Approvals' });
    await expect.element(rows).toHaveFocus();
    await userEvent.keyboard('{Control>}a{/Control}');
    const all = page.getByRole('region', { name: 'Let 2 runs do these 2 things?' });
    const words = () => all.element().textContent ?? '';
    await expect.poll(words).toContain('in 3 files and 1 change of a plan');
    expect(words()).toContain('1 of 2 cannot be undone: 1 change of a plan.');
    expect(all.getByRole('radio').elements()).toEqual([]);
    const part = all.getByRole('region', { name: 'Revise the plan without “Look for the line”' });
    expect(part.element().textContent).toContain('Changes the plan');
    expect(part.element().textContent).not.toContain('Undo not known');
    await part.getByRole('button').click();
    await expect.poll(() => part.element().textContent).toContain('Comes in its placeList the files');
  });
});
