import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { show } from '../../testing/show.tsx';
import { Shell } from '../shell/index.ts';
import { gapOnScreen } from './dots.tsx';

const folder = { id: 'f1', path: '/folder', name: 'folder' };
const canvas = { id: 'c1', title: 'Board', folder: 'f1' };

/** Elements that change while the board is panned by a few turns of the wheel. */
async function changedByPanning(): Promise<readonly string[]> {
  const changed = new Set<string>();
  const watcher = new MutationObserver((records) => {
    for (const { target } of records) {
      if (!(target instanceof HTMLElement) || target.parentElement === null) continue;
      changed.add(target.className === '' ? target.parentElement.className : target.className);
    }
  });
  const pane = document.querySelector('.react-flow__pane');
  const main = document.querySelector('.react-flow');
  if (pane === null || main === null) throw new Error('no board is open');
  watcher.observe(main, { subtree: true, childList: true, attributes: true, characterData: true });
  for (let turn = 0; turn < 5; turn += 1) {
    pane.dispatchEvent(new WheelEvent('wheel', { deltaY: 10, bubbles: true, cancelable: true }));
    await new Promise(requestAnimationFrame);
  }
  watcher.disconnect();
  return [...changed];
}

describe('the dots of the board', () => {
  it('lie on the grid of the board wherever the camera stands, and move without being drawn anew', async () => {
    await show(<Shell />, { folders: [folder], canvases: [canvas] }, ({ link, view }) => {
      const node = { kind: 'note', id: 'n', x: 0, y: 0, width: 240, height: 96, text: 'First' } as const;
      link.canvases.open(canvas.id).apply([{ type: 'add-node', node }]);
      view.keepCamera(canvas.id, { x: 130, y: 70, zoom: 1 });
      view.openCanvas(canvas.id);
    });
    await expect.element(page.getByText('First')).toBeVisible();
    const layer = document.querySelector<HTMLElement>('.board-dots > div');
    const origin = document.querySelector('.react-flow__node');
    if (layer === null || origin === null) throw new Error('no dots are drawn');
    const apart = () => {
      const [dots, node] = [layer, origin].map((each) => each.getBoundingClientRect());
      if (dots === undefined || node === undefined) throw new Error('nothing is drawn');
      return [node.x - dots.x, node.y - dots.y].map((way) => Math.round(way * 100) % 2400);
    };
    expect(apart()).toEqual([0, 0]);
    const changed = await changedByPanning();
    expect(changed.filter((name) => !name.includes('viewport'))).toEqual(['board-dots']);
    expect(apart()).toEqual([0, 0]);
  });

  it('are never too close to be told apart, and stay on the grid', () => {
    for (const zoom of [4, 1, 0.7, 0.5, 0.49, 0.22, 0.05, 0.02]) {
      const gap = gapOnScreen(zoom);
      expect(gap).toBeGreaterThanOrEqual(12);
      expect(Number.isInteger(Math.log2(gap / (24 * zoom)))).toBe(true);
    }
  });
});
