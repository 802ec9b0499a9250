import { fault, RecordedRunEvent } from '@soma/schemas/event';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { recordedEvent, renameContents, renameRun } from '../../testing/recorded-run.ts';
import { LiveNews, type Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { Inspector } from '../inspector/index.ts';
import { RunEndCard } from '../run/index.ts';
import { UndoNotices } from './index.ts';
import { dismiss } from './undo.ts';

const RUN = 'run-rename';
const script: Script = {
  runs: [renameRun],
  contents: renameContents,
  folders: [{ id: 'f', path: '/home/mk/fastq', name: 'fastq' }],
};
const LOADING = { timeout: 15_000 };
const nothing = () => undefined;

/** The end card and the inspector of the run that renamed. */
const open = (given: Script = script) =>
  show(
    <div className="flex h-[800px]">
      <div className="h-[420px] w-[600px]">
        <RunEndCard run={RUN} selected={false} width={600} onUnfold={nothing} onAsk={nothing} />
      </div>
      <Inspector className="w-[480px]" />
      <UndoNotices />
    </div>,
    given,
    ({ view }) => view.select({ kind: 'run', run: RUN }),
  );
const card = () => page.getByRole('button', { name: 'Undo run' }).first();
const dialog = () => page.getByRole('dialog', { name: 'Undo what this run did?' });

afterEach(() => {
  dismiss('asked');
  dismiss('kept');
  dismiss('notice');
});

describe('undoing a run', () => {
  it('says what it will do before anything is done', async () => {
    const { host } = await open();
    await card().click();
    await expect.poll(() => dialog().element().textContent).toContain('3 files get the text they had before');
    expect(dialog().element().textContent).toContain('queue.js');
    expect(dialog().element().textContent).toContain(
      'The cards that this run put on the board are taken away.',
    );
    await page.getByRole('button', { name: 'Keep all' }).click();
    await expect.element(dialog()).not.toBeInTheDocument();
    expect(host.received).toEqual([]);
  });

  it('says what the runs that it started did, and which run started one', async () => {
    const started = renameRun.map((event) => {
      const text = JSON.stringify(event)
        .replaceAll(RUN, 'run-inner')
        .replaceAll('/home/mk/fastq', '/home/mk/fastq/in');
      const moved = RecordedRunEvent.parse(JSON.parse(text));
      if (moved.type !== 'goal.submitted') return moved;
      return { ...moved, data: { ...moved.data, parent: { run: RUN, call: 'c' } } };
    });
    const { host } = await open({
      ...script,
      runs: [renameRun, started],
      undone: { restored: [], kept: [] },
    });
    await card().click();
    await expect.poll(() => dialog().element().textContent).toContain('6 files get the text they had before');
    expect(dialog().element().textContent).toContain('The run that it started is undone with it.');
    expect(dialog().element().textContent).toContain('in/queue.js');
    const before = host.received.length;
    await dialog().getByRole('button', { name: 'Undo run' }).click();
    await expect.poll(() => host.received.length).toBeGreaterThan(before);
    expect(host.received.at(-1)?.input).toMatchObject({ run: RUN });
  });

  it('takes back files and cards, says what came of it, and brings the board back', async () => {
    const restored = ['README.md', 'bench.js', 'queue.js'];
    const { host } = await open({ ...script, undone: { restored, kept: [] } });
    await card().click();
    await dialog().getByRole('button', { name: 'Undo run' }).click();
    await expect
      .poll(() => host.received.map(({ command }) => command))
      .toEqual(['run.undoFiles', 'run.undoBoard']);
    expect(host.received.map(({ input }) => [input.paths, input.redo])).toEqual([
      [null, undefined],
      [undefined, false],
    ]);
    await expect
      .element(
        page.getByText('3 files have the old text again. The cards of this run are off the board.').first(),
      )
      .toBeVisible();
    await page.getByRole('button', { name: 'Bring the board back' }).click();
    await expect.poll(() => host.received.at(-1)?.input.redo).toBe(true);
  });

  it('shows both versions of a file that somebody has written since', async () => {
    const changed = { path: 'queue.js', fault: fault('FILE_CHANGED', { path: 'queue.js' }) };
    await open({
      ...script,
      undone: { restored: ['README.md', 'bench.js'], kept: [changed] },
      files: {
        'queue.js': {
          path: 'queue.js',
          text: 'my own words\n',
          lines: 1,
          language: 'javascript',
          truncated: false,
        },
      },
    });
    await card().click();
    await dialog().getByRole('button', { name: 'Undo run' }).click();
    const kept = page.getByRole('dialog', { name: '1 file was kept as it is' });
    await expect.element(kept).toBeVisible();
    expect(kept.element().textContent).toContain('FILE_CHANGED');
    const sides = () =>
      kept.element().querySelector('.monaco-diff-editor')?.textContent?.replaceAll('\u00A0', ' ') ?? '';
    await expect.poll(sides, LOADING).toContain('my own words');
    expect(sides()).toContain('reusify');
  });

  it('takes back one file from its list of changes, which then says so', async () => {
    const live = new LiveNews();
    const { host } = await open({ ...script, live });
    await page.getByRole('tab', { name: /^Changes/ }).click();
    const files = () =>
      page
        .getByRole('region', { name: /^Change of / })
        .elements()
        .map(({ textContent }) => textContent);
    await expect.poll(files).toEqual(['README.md+6 \u22126', 'bench.js+2 \u22122', 'queue.js+5 \u22125']);
    const last = renameRun.at(-1);
    live.tell([
      recordedEvent(
        { type: 'changes.undone', time: last?.time, data: { restored: ['bench.js'], kept: [] } },
        renameRun.length + 1,
        RUN,
      ),
    ]);
    await page.getByRole('button', { name: 'Undo the change of bench.js' }).click();
    await expect.poll(() => host.received[0]?.input.paths).toEqual(['bench.js']);
    await expect.element(page.getByText('1 of 3 undone')).toBeVisible();
    // Its card says so beside its end.
    await expect.element(page.getByText('1 file undone')).toBeVisible();
    await expect.poll(files).toContain('bench.js+2 \u22122undone');
  });

  it('shows what became of a file', async () => {
    await open();
    await page.getByRole('tab', { name: /^Changes/ }).click();
    await page.getByRole('button', { name: /^queue\.js/ }).click();
    const difference = page.getByRole('region', { name: 'queue.js, before and after' });
    await expect.poll(() => difference.element().textContent).toContain('+function createQueue (context');
  });
});
