import { noteText, type OpenCanvas, readCanvas, readNode } from '@soma/schemas/canvas';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Client } from '../../client/index.ts';
import { fastqContents, fastqRun } from '../../testing/recorded-run.ts';
import { LiveNews } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { Overlays } from '../palette/index.ts';
import { Shell } from '../shell/index.ts';

const RUN = 'run-fastq';
const folder = { id: 'f1', path: '/folder', name: 'folder' };
const canvas = { id: 'c1', title: 'Board', folder: 'f1' };
const script = { folders: [folder], canvases: [canvas], runs: [fastqRun], contents: fastqContents };
const note = (id: string, x: number, text: string) =>
  ({ type: 'add-node', node: { kind: 'note', id, x, y: 0, width: 240, height: 96, text } }) as const;

/** The window on a board; `fill` puts things on it as a person would. */
async function open(fill: (board: OpenCanvas) => void, more: object = {}) {
  let board: OpenCanvas | null = null;
  const window = (
    <>
      <Shell />
      <Overlays />
    </>
  );
  const shown = await show(window, { ...script, ...more }, ({ link, view }: Client) => {
    board = link.canvases.open(canvas.id);
    fill(board);
    view.openCanvas(canvas.id);
  });
  if (board === null) throw new Error('no board was opened');
  const opened: OpenCanvas = board;
  return { ...shown, board: opened };
}

const nodeAt = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"]`);
  if (found === null) throw new Error(`node ${id} is not drawn`);
  return found;
};
const placeOf = (board: OpenCanvas, id: string) => {
  const node = readNode(board.doc, id);
  return [node?.x, node?.y];
};

/** Ids of the nodes whose elements change while something happens. */
async function changedNodes(happen: () => void): Promise<readonly string[]> {
  const changed = new Set<string>();
  const watcher = new MutationObserver((records) => {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      const id = element?.closest('.react-flow__node')?.getAttribute('data-id');
      if (typeof id === 'string') changed.add(id);
    }
  });
  watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  happen();
  await new Promise((resolve) => setTimeout(resolve, 300));
  watcher.disconnect();
  return [...changed];
}

describe('a board by keyboard', () => {
  it('goes from node to node in reading order and comes out at the end', async () => {
    await open((board) => board.apply([note('b', 400, 'Second'), note('a', 0, 'First')]));
    await expect.element(page.getByText('First')).toBeVisible();
    page
      .getByRole('application', { name: /^Board/ })
      .element()
      .focus();
    await userEvent.keyboard('{Tab}');
    await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('First');
    await userEvent.keyboard('{Tab}');
    await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Second');
    await userEvent.keyboard('{Tab}');
    expect(document.activeElement?.closest('.react-flow__node')).toBeNull();
  });

  it('moves what is selected by 8, with Shift by 32', async () => {
    const { board } = await open((each) => each.apply([note('a', 0, 'First')]));
    await expect.element(page.getByText('First')).toBeVisible();
    nodeAt('a').focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowDown}');
    expect(placeOf(board, 'a')).toEqual([16, 8]);
    await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}');
    expect(placeOf(board, 'a')).toEqual([-16, 8]);
  });

  it('writes into a note with Enter, and Escape leaves the focus with it', async () => {
    const { board } = await open((each) => each.apply([note('a', 0, 'First')]));
    await expect.element(page.getByText('First')).toBeVisible();
    nodeAt('a').focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('textbox', { name: 'Text of the note' })).toHaveFocus();
    await userEvent.keyboard(' and **bold**{Escape}');
    expect(noteText(board.doc, 'a')?.toJSON()).toBe('First and **bold**');
    await expect.element(page.getByText('bold', { exact: true })).toBeVisible();
    expect(document.activeElement).toBe(nodeAt('a'));
  });

  it('connects a node with C to one that is chosen by name; Tab leads on to the line, Delete removes it', async () => {
    const { board } = await open((each) => each.apply([note('a', 0, 'First'), note('b', 400, 'Second')]));
    await expect.element(page.getByText('First')).toBeVisible();
    const edges = () => readCanvas(board.doc).edges;
    nodeAt('a').focus();
    await userEvent.keyboard('{ArrowRight}c');
    await expect.element(page.getByRole('combobox')).toBeVisible();
    await userEvent.keyboard('sec{Enter}');
    await expect.poll(edges).toMatchObject([{ from: 'a', to: 'b' }]);
    await expect.poll(() => document.activeElement?.getAttribute('data-id')).toBe('a');
    await userEvent.keyboard('{Tab}');
    await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('From First to Second');
    await userEvent.keyboard('{Delete}');
    await expect.poll(edges).toEqual([]);
  });

  it('shows a note’s raw HTML as text', async () => {
    await open((each) => each.apply([note('a', 0, '<img src=x onerror=alert(1)> **bold**')]));
    await expect.element(page.getByText('bold', { exact: true })).toBeVisible();
    expect(nodeAt('a').querySelector('img')).toBeNull();
  });
});

describe('what is drawn anew', () => {
  it('is the one note that somebody else changed', async () => {
    const { board } = await open((each) => each.apply([note('a', 0, 'First'), note('b', 400, 'Second')]));
    await expect.element(page.getByText('Second')).toBeVisible();
    const changed = await changedNodes(() => {
      board.apply([{ type: 'set-text', id: 'b', text: 'Second, changed' }]);
    });
    expect(changed).toEqual(['b']);
  });

  it('is the one task that an event is about', async () => {
    const began = fastqRun.findIndex(({ type, data }) => type === 'task.completed' && 'task' in data);
    const before = fastqRun.slice(0, began);
    const next = fastqRun[began];
    if (next?.type !== 'task.completed') throw new Error('the recorded run completes no task');
    const live = new LiveNews();
    await open((each) => each.apply([{ type: 'place-run', id: 'r', run: RUN, tasks: tasksOf() }]), {
      runs: [before],
      live,
    });
    await expect.element(page.getByText('List the files')).toBeVisible();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const changed = await changedNodes(() => live.tell([next]));
    // Its own node, and the frame whose counts it changes. Times that go on are written by all that work.
    const working = changed.filter((id) => !isClockOnly(id));
    expect(working).toContain(`r::${next.data.task}`);
    expect(working.every((id) => id === 'r' || id === `r::${next.data.task}`)).toBe(true);
  });
});

function tasksOf() {
  const planned = fastqRun.find((event) => event.type === 'plan.proposed');
  if (planned?.type !== 'plan.proposed') throw new Error('the recorded run has no plan');
  return planned.data.tasks.map(({ id, after }) => ({ id, after }));
}

/** A task at work writes its time ten times a second; nothing else of it may change. */
function isClockOnly(id: string): boolean {
  return nodeAt(id).querySelector('[data-tone="running"]') !== null && id !== 'r';
}
