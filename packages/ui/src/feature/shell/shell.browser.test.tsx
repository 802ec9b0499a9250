import axe from 'axe-core';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ChatNews } from '../../testing/chat-news.ts';
import { fastqContents, fastqRun } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Shell } from './index.ts';

const RUN = 'run-fastq';
const canvas = { id: 'c1', title: 'Reading fastq', folder: 'f1' };
const script = {
  folders: [{ id: 'f1', path: '/home/mk/fastq', name: 'fastq' }],
  canvases: [canvas],
  contents: fastqContents,
};

/** The whole window on the board of a run. */
function open(events = fastqRun) {
  const planned = fastqRun.find((event) => event.type === 'plan.proposed');
  const tasks = planned?.type === 'plan.proposed' ? planned.data.tasks : [];
  return show(<Shell />, { ...script, runs: [events] }, ({ link, view }) => {
    const graph = tasks.map(({ id, after }) => ({ id, after }));
    link.canvases.open(canvas.id).apply([
      { type: 'place-run', id: 'r', run: RUN, tasks: graph },
      {
        type: 'add-node',
        node: { kind: 'note', id: 'n', text: '# Note', x: 0, y: 620, width: 240, height: 96 },
      },
    ]);
    view.openCanvas(canvas.id);
    view.showRun(RUN);
    view.togglePanel('drawer', true);
    view.togglePanel('inspector', true);
  });
}

const isPassing = ({ playState, effect }: Animation) =>
  playState === 'running' && effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY;

afterEach(async () => {
  document.documentElement.dataset.theme = 'light';
  await page.viewport(1440, 900);
});

describe.each(['light', 'dark', 'contrast'] as const)('the window in the %s theme', (theme) => {
  it.each([
    ['a run at work', fastqRun.slice(0, Math.floor(fastqRun.length / 2))],
    ['a run that has ended', fastqRun],
  ] as const)('has no fault that axe finds beside %s', async (_name, events) => {
    document.documentElement.dataset.theme = theme;
    await open([...events]);
    await expect.element(page.getByRole('heading', { name: 'Tool stream' })).toBeVisible();
    await expect.element(page.getByText(/explain-folder/).first()).toBeVisible();
    // What still appears is fainter than it will be; what turns does so for ever.
    await expect.poll(() => document.getAnimations().filter(isPassing).length).toBe(0);
    const found = await axe.run(document.body, {
      rules: {
        'page-has-heading-one': { enabled: false },
        'heading-order': { enabled: false },
        region: { enabled: false },
      },
    });
    expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

describe('the panels of the window', () => {
  it('are made wider and narrower with the arrow keys, within their bounds', async () => {
    const { client } = await open();
    const edge = page.getByRole('separator', { name: 'Width of the inspector' });
    await expect.element(edge).toHaveAttribute('aria-valuenow', '348');
    (edge.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    await expect.element(edge).toHaveAttribute('aria-valuenow', '380');
    await userEvent.keyboard('{ArrowRight>30/}');
    expect(client.view.getState().sizes.inspector).toBe(300);
  });

  it('give way in a narrow window: the inspector floats, the sidebar is a rail', async () => {
    await page.viewport(760, 700);
    await open();
    const board = page.getByRole('application', { name: /^Board/ });
    await expect.element(board).toBeVisible();
    expect(board.element().getBoundingClientRect().width).toBeGreaterThan(700);
    await expect.element(page.getByRole('button', { name: 'Runs' })).toBeVisible();
    expect(document.querySelector('[role="separator"][aria-label="Width of the sidebar"]')).toBeNull();
  });
});

describe('what there is to see', () => {
  it('has no row for approvals while nothing waits', async () => {
    await open();
    await expect.element(page.getByRole('button', { name: 'Runs', exact: true })).toBeVisible();
    expect(page.getByText('Approvals').elements()).toEqual([]);
  });

  it('opens a recent run where it stands, and the inspector with it', async () => {
    const { client } = await open();
    client.view.openPage('runs');
    await page.getByRole('navigation', { name: 'Workspace' }).getByText('Explain this folder').click();
    await expect
      .poll(() => client.view.getState())
      .toMatchObject({
        page: 'canvas',
        selection: { kind: 'run', run: RUN },
        panels: { inspector: true },
      });
  });

  it('lists every run on its page', async () => {
    const { client } = await open();
    client.view.openPage('runs');
    await expect.element(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible();
    await expect.element(page.getByRole('main').getByText(/tasks verified/)).toBeVisible();
  });
});

describe('the right in a folder', () => {
  const permission = { id: 'p', folder: 'f1', tool: 'write_files', argumentsHash: null };
  const standing = [
    { ...permission, until: '2999-01-01T00:00:00Z' },
    { ...permission, id: 'over', tool: 'replace_text', until: '2001-01-01T00:00:00Z' },
    { ...permission, id: 'other', folder: 'f2', tool: 'patch_files', until: '2999-01-01T00:00:00Z' },
  ];

  it('is reading where no permission stands, beside the folder and in the status bar', async () => {
    await show(<Shell />, { ...script, permissions: standing.slice(1) }, ({ view }) => view.openCanvas('c1'));
    await expect.element(page.getByText('read', { exact: true })).toBeVisible();
    await expect.element(page.getByText('Reads inside fastq, asks for the rest')).toBeVisible();
  });

  it('names the tools that a standing permission lets through', async () => {
    await show(<Shell />, { ...script, permissions: standing }, ({ view }) => view.openCanvas('c1'));
    await expect.element(page.getByText('read, 1 tool allowed')).toBeVisible();
    expect(page.getByText('read', { exact: true }).elements()).toEqual([]);
    const said = 'Reads inside fastq, may use write_files without asking, asks for the rest';
    await expect.element(page.getByText(said)).toBeVisible();
  });
});

describe('a model that is not there', () => {
  const model = { id: 'm', model: 'qwen', host: 'localhost:1234', since: '2026-01-01T00:00:00.000Z' };

  it('is told in the status bar with the goals that wait, for as long as it is so', async () => {
    const chatNews = new ChatNews();
    await show(<Shell />, { ...script, chatNews }, ({ view }) => view.openCanvas('c1'));
    chatNews.tellAway({ models: [{ ...model, is: 'unreachable' }], goals: 3 });
    const told = page.getByText('Model: unreachable, 3 goals wait');
    await expect.element(told).toBeVisible();
    await expect.element(page.getByTitle('qwen at localhost:1234')).toBeVisible();
    chatNews.tellAway({ models: [{ ...model, is: 'busy' }], goals: 1 });
    await expect.element(page.getByText('Model: busy, 1 goal waits')).toBeVisible();
    chatNews.tellAway({ models: [], goals: 0 });
    await expect.element(page.getByText(/Model: /)).not.toBeInTheDocument();
  });
});
