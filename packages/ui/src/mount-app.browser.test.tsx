import { afterEach, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { browserPlatform, mountApp } from './index.tsx';

const element = document.createElement('div');

afterEach(() => element.remove());

it('a window whose host does not answer says that it is still starting, and then why it cannot be reached', async () => {
  document.body.append(element);
  let reject = (_error: Error): void => undefined;
  const pipe = new Promise<never>((_resolve, onReject) => {
    reject = onReject;
  });
  const mounted = mountApp(element, { connect: () => pipe, platform: browserPlatform, storage: null });
  const starting = page.getByText('SomaAgent is still starting');
  await expect.element(starting).toBeVisible();
  reject(new Error('gone'));
  await expect.element(page.getByText('HOST_UNREACHABLE')).toBeVisible();
  await expect.element(starting).not.toBeInTheDocument();
  expect(await mounted).toBeNull();
});
