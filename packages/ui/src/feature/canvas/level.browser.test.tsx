import type { OpenCanvas } from '@soma/schemas/canvas';
import { Artifact } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Shell } from '../shell/index.ts';

const RUN = 'run-fastq';
const folder = { id: 'f1', path: '/folder', name: 'folder' };
const canvas = { id: 'c1', title: 'Board', folder: 'f1' };
const text = 'first line\nsecond line\nthird line';
const file = { path: 'a.js', text, lines: 3, language: 'javascript', truncated: false };
const script = { folders: [folder], canvases: [canvas], runs: [fastqRun], contents: fastqContents };

/** A board seen at a zoom, its origin near the top left corner. */
async function at(zoom: number, fill: (board: OpenCanvas) => void, more: object = {}) {
  await show(<Shell />, { ...script, ...more }, ({ link, view }) => {
    fill(link.canvases.open(canvas.id));
    view.keepCamera(canvas.id, { x: 120, y: 80, zoom });
    view.openCanvas(canvas.id);
  });
}

const card = (title: string) => {
  const found = fastqRun.find((event) => event.type === 'artifact.published' && event.data.title === title);
  if (found?.type !== 'artifact.published') throw new Error(`the recorded run published no ${title}`);
  const { artifact, task, icon, content, node } = found.data;
  const text = content.inline ?? fastqContents[content.hash] ?? '{}';
  const whole = Artifact.parse(JSON.parse(text));
  const drawn = {
    kind: 'artifact',
    id: node,
    run: RUN,
    task,
    artifact,
    title,
    icon,
    content: content.hash,
  } as const;
  return { drawn: { ...drawn, x: 0, y: 0, width: 360, height: 256 }, claims: whole.claims.length };
};

/** How large the text of an element is on screen, in pixels. */
const sizeOf = (element: Element, zoom: number) =>
  Number.parseFloat(getComputedStyle(element).fontSize) * zoom;
/** Whether an element is inside the box of its node, and so not cut away. */
const isSeen = (element: Element): boolean => {
  const [inner, outer] = [element, element.closest('.react-flow__node')].map((each) =>
    each?.getBoundingClientRect(),
  );
  return (
    inner !== undefined &&
    outer !== undefined &&
    inner.bottom <= outer.bottom &&
    inner.right <= outer.right + 1
  );
};

describe('a board at half its size', () => {
  const note = {
    kind: 'note',
    id: 'n',
    x: 400,
    y: 0,
    width: 240,
    height: 160,
    text: '# Name\n\n- said of it',
  } as const;

  it('shows of a card its title, its seal and its first lines, in a size that can be read', async () => {
    const { drawn, claims } = card('What it is');
    await at(0.5, (board) => board.apply([{ type: 'add-node', node: drawn }]));
    await expect.element(page.getByText(`${claims} of ${claims}`)).toBeVisible();
    const first = page.getByText('Fast, in memory work queue.').element();
    expect(isSeen(first)).toBe(true);
    expect(sizeOf(first, 0.5)).toBeGreaterThanOrEqual(9);
    expect(sizeOf(page.getByText('What it is').element(), 0.5)).toBeGreaterThanOrEqual(10);
  });

  it('shows only lines that fit whole', async () => {
    const { drawn } = card('What it is');
    await at(0.4, (board) => board.apply([{ type: 'add-node', node: { ...drawn, height: 120 } }]));
    await expect.element(page.getByText('fastq', { exact: true })).toBeInTheDocument();
    const lines = [...document.querySelectorAll('.mid-lines > p')];
    const shown = lines.filter(isSeen);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(lines.length);
    const foot = document.querySelector('.mid-lines')?.getBoundingClientRect().bottom ?? 0;
    expect(shown.every((line) => line.getBoundingClientRect().bottom <= foot + 0.5)).toBe(true);
  });

  it('shows of notes, files and links their first lines', async () => {
    const more = { files: { 'a.js': file } };
    await at(
      0.5,
      (board) =>
        board.apply([
          { type: 'add-node', node: note },
          {
            type: 'add-node',
            node: { kind: 'file', id: 'f', x: 0, y: 0, width: 320, height: 160, path: 'a.js' },
          },
          {
            type: 'add-node',
            node: {
              kind: 'link',
              id: 'l',
              x: 0,
              y: 300,
              width: 320,
              height: 120,
              url: 'https://a.example/b',
            },
          },
        ]),
      more,
    );
    await expect.element(page.getByText('said of it')).toBeVisible();
    await expect.element(page.getByText('second line')).toBeVisible();
    await expect.element(page.getByText('https://a.example/b')).toBeVisible();
  });

  it('shows of each task its title and its state', async () => {
    const planned = fastqRun.find((event) => event.type === 'plan.proposed');
    if (planned?.type !== 'plan.proposed') throw new Error('the recorded run has no plan');
    const tasks = planned.data.tasks.map(({ id, after }) => ({ id, after }));
    const half = fastqRun.findIndex(({ type }) => type === 'task.completed');
    await at(0.5, (board) => board.apply([{ type: 'place-run', id: 'r', run: RUN, tasks }]), {
      runs: [fastqRun.slice(0, half + 1)],
    });
    const title = page.getByText('List the files');
    await expect.element(title).toBeVisible();
    expect(sizeOf(title.element(), 0.5)).toBeGreaterThanOrEqual(10);
    await expect.element(page.getByRole('img', { name: 'Verified' }).first()).toBeVisible();
    const words = page.getByText('Committed').element();
    expect(isSeen(words)).toBe(true);
  });

  it('shows of a run that has ended how, its goal and its counts', async () => {
    await at(0.5, (board) => board.apply([{ type: 'place-run', id: 'r', run: RUN, tasks: [] }]));
    await expect.element(page.getByText('6 of 7 tasks verified', { exact: false }).first()).toBeVisible();
    await expect.element(page.getByText('Explain this folder').first()).toBeVisible();
  });
});

describe('a board from afar', () => {
  it('has a title in a size that can be read on each tile that is large enough, and none on others', async () => {
    const { drawn } = card('What it is');
    const small = { ...drawn, id: 'small', x: 500, width: 160, height: 80 };
    await at(0.28, (board) =>
      board.apply([
        { type: 'add-node', node: drawn },
        { type: 'add-node', node: small },
      ]),
    );
    await expect.poll(() => document.querySelectorAll('.far-title').length).toBe(2);
    const [large, tiny] = [...document.querySelectorAll('.far-title')];
    if (large === undefined || tiny === undefined) throw new Error('no titles');
    expect(large.getBoundingClientRect().width).toBeGreaterThan(40);
    expect(large.getBoundingClientRect().height).toBeGreaterThan(12);
    expect(sizeOf(large, 0.28)).toBeCloseTo(10, 1);
    expect(tiny.getBoundingClientRect().width).toBe(0);
  });
});
