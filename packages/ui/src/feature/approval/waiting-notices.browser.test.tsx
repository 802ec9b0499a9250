import type { RecordedRunEvent } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { browserPlatform, type Notice } from '../../platform.ts';
import { recordedEvent, renameContents, renameRun, untilAsked } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { WaitingNotices } from './waiting-notices.tsx';

const asking = untilAsked(renameRun);

/** The run that asks, with its question at a time from now, in milliseconds. */
function askedAt(ms: number): readonly RecordedRunEvent[] {
  const time = new Date(Date.now() + ms).toISOString();
  return asking.map((event, place) =>
    event.type === 'approval.requested' ? recordedEvent({ ...event, time }, place + 1, 'run-rename') : event,
  );
}

/** A window whose system writes down what it is asked to tell, and presses it at once where `pressed`. */
async function open(events: readonly RecordedRunEvent[], pressed = false) {
  const told: Notice[] = [];
  const notify = async (notice: Notice) => {
    told.push(notice);
    return pressed;
  };
  const shown = await show(<WaitingNotices />, {
    runs: [events],
    contents: renameContents,
    platform: (calls) => ({ ...browserPlatform(calls), notify }),
  });
  return { ...shown, told };
}

/** The focus goes to the page around the test's own. */
function lookElsewhere(): void {
  const outside = window.parent.document.createElement('input');
  window.parent.document.body.append(outside);
  outside.focus();
  outside.remove();
}

describe('what begins to wait while a person looks elsewhere', () => {
  it('is told with what it is and the goal, once, and opens when it is pressed', async () => {
    lookElsewhere();
    expect(document.hasFocus()).toBe(false);
    const { told, client } = await open(askedAt(60_000), true);
    await expect
      .poll(() => told)
      .toEqual([
        {
          tag: 'run-rename.change.1.execute.approval',
          title: 'Needs you: Change 13 lines in 3 files',
          body: 'Rename fastqueue to createQueue',
        },
      ]);
    await expect.poll(() => client.view.getState().approval).toBe('run-rename.change.1.execute.approval');
    expect(client.view.getState().page).toBe('approvals');
  });

  it('answers nothing', async () => {
    lookElsewhere();
    const { told, host } = await open(askedAt(60_000), true);
    await expect.poll(() => told.length).toBe(1);
    expect(host.received).toEqual([]);
  });

  it('is not told to a person who looks at the window, nor when it waited before the window opened', async () => {
    lookElsewhere();
    const before = await open(askedAt(-60_000));
    window.focus();
    await expect.poll(() => document.hasFocus()).toBe(true);
    const seen = await open(askedAt(60_000));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([before.told, seen.told]).toEqual([[], []]);
  });
});
