import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { show } from '../testing/show.tsx';
import { Toast } from './index.ts';

it('stands above another toast that is open, and never over it', async () => {
  const shared = { open: true, onOpenChange: () => undefined, close: 'Close', region: 'Notice' };
  await show(
    <>
      <Toast {...shared}>The first</Toast>
      <Toast {...shared}>The second</Toast>
    </>,
    {},
  );
  const rectOf = (words: string) =>
    page.getByRole('listitem').filter({ hasText: words }).element().getBoundingClientRect();
  await expect.element(page.getByRole('listitem').filter({ hasText: 'The second' })).toBeVisible();
  const [upper, lower] = [rectOf('The first'), rectOf('The second')].sort(
    (one, other) => one.top - other.top,
  );
  expect(upper?.bottom ?? 0).toBeLessThanOrEqual(lower?.top ?? 0);
  expect(lower?.bottom ?? 0).toBeLessThanOrEqual(window.innerHeight);
});
