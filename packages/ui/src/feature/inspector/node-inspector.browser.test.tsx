import type { CanvasMutation, OpenCanvas } from '@soma/schemas/canvas';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Client } from '../../client/index.ts';
import { fastqContents, fastqRun } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Shell } from '../shell/index.ts';

const folder = { id: 'f1', path: '/folder', name: 'folder' };
const canvas = { id: 'c1', title: 'Board', folder: 'f1' };
const size = { width: 200, height: 96 };
const note = (id: string, x: number, text: string): CanvasMutation => ({
  type: 'add-node',
  node: { kind: 'note', id, x, y: 0, ...size, text },
});
const line = (from: string, to: string, label?: string): CanvasMutation => ({
  type: 'add-edge',
  edge: { id: `${from}-${to}`, from, to, ...(label !== undefined && { label }) },
});

/** The window on a board with the inspector open; a run is shown, which a node must not be mistaken for. */
async function open(...mutations: readonly CanvasMutation[]) {
  let board: OpenCanvas | null = null;
  const script = { folders: [folder], canvases: [canvas], runs: [fastqRun], contents: fastqContents };
  const shown = await show(<Shell />, script, ({ link, view }: Client) => {
    board = link.canvases.open(canvas.id);
    board.apply([...mutations]);
    view.openCanvas(canvas.id);
    view.showRun('run-fastq');
    view.togglePanel('inspector', true);
  });
  if (board === null) throw new Error('no board was opened');
  const opened: OpenCanvas = board;
  return { ...shown, board: opened };
}

const node = (name: string) => page.getByRole('group', { name, exact: true });
const panel = (name: string) => page.getByRole('complementary', { name, exact: true });
const links = (list: string) =>
  page
    .getByRole('list', { name: list, exact: true })
    .getByRole('button')
    .elements()
    .map(({ textContent }) => textContent);

describe('the inspector of a node that no run made', () => {
  it('says what a selected note is, and names its connections by their direction', async () => {
    await open(
      note('a', 0, 'First\nmore'),
      note('b', 300, 'Second'),
      note('c', 600, 'Third'),
      line('a', 'b', 'because'),
      line('c', 'a'),
    );
    await node('First').click();
    await expect.element(panel('First')).toBeVisible();
    await expect.element(panel('First').getByText('A note on this board')).toBeVisible();
    await expect.element(panel('First').getByText('2 lines are written in it.')).toBeVisible();
    expect(links('Leads to')).toEqual(['Secondbecausenote']);
    expect(links('Comes from')).toEqual(['Thirdnote']);
  });

  it('leads to a connected node by keyboard, and speaks of that one then', async () => {
    await open(note('a', 0, 'First'), note('b', 300, 'Second'), line('a', 'b'));
    await node('First').click();
    await expect.element(panel('First')).toBeVisible();
    page.getByRole('list', { name: 'Leads to' }).getByRole('button').element().focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(panel('Second')).toBeVisible();
    await expect.poll(() => document.activeElement?.getAttribute('data-id')).toBe('b');
    expect(links('Comes from')).toEqual(['Firstnote']);
  });

  it('follows the board: a new name, a new line, and its own removal', async () => {
    const { board } = await open(note('a', 0, 'First'), note('b', 300, 'Second'));
    await node('First').click();
    await expect.element(page.getByText('No line leads to it or from it.', { exact: false })).toBeVisible();
    board.apply([{ type: 'set-text', id: 'a', text: 'Renamed' }, line('b', 'a')]);
    await expect.element(panel('Renamed')).toBeVisible();
    expect(links('Comes from')).toEqual(['Secondnote']);
    board.apply([{ type: 'remove', nodes: ['a'], edges: [] }]);
    await expect.element(panel('Explain this folder')).toBeVisible();
  });

  it('lists what lies in a group, and of each in which group it lies', async () => {
    await open(
      {
        type: 'add-node',
        node: { kind: 'group', id: 'g', x: -40, y: -60, width: 600, height: 300, label: 'Ideas' },
      },
      note('a', 0, 'First'),
    );
    await node('First').click();
    await expect.element(panel('First')).toBeVisible();
    expect(links('Lies in')).toEqual(['Ideasgroup']);
    await page.getByRole('list', { name: 'Lies in' }).getByRole('button').click();
    await expect.element(panel('Ideas')).toBeVisible();
    expect(links('Holds 1')).toEqual(['Firstnote']);
  });

  it('opens the file of a file card at its line, and says of a link that it was not fetched', async () => {
    const { client } = await open(
      { type: 'add-node', node: { kind: 'file', id: 'f', x: 0, y: 0, ...size, path: 'src/a.js', line: 7 } },
      {
        type: 'add-node',
        node: { kind: 'link', id: 'l', x: 300, y: 0, ...size, url: 'https://a.example/b' },
      },
    );
    await node('src/a.js').click();
    await panel('src/a.js').getByRole('button', { name: 'Open src/a.js:7' }).click();
    expect(client.view.getState().code).toEqual({ folder: 'f1', path: 'src/a.js', line: 7 });
    client.view.closeCode();
    await node('a.example').click();
    await expect.element(panel('a.example').getByText('It was not fetched.', { exact: false })).toBeVisible();
    await expect.element(panel('a.example').getByText('https://a.example/b')).toBeVisible();
  });
});
