import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { cache, environment, root } from '../infra/launch/place.mjs';

/** Media types of what the component page is made of. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

/** Pictures of the page of all components in each theme: built beside the product and shown without a server. */
export async function componentPage(shot: (page: Page, name: string) => Promise<void>): Promise<void> {
  const ui = join(root, 'packages', 'ui');
  const vite = join(ui, 'node_modules', '.bin', 'vite');
  const args = ['build', '-c', 'component-page/vite.config.ts', '--logLevel', 'warn'];
  await promisify(execFile)(vite, args, { cwd: ui, env: environment() });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await page.route('http://components.invalid/**', async (route) => {
      const path = new URL(route.request().url()).pathname;
      const file = join(cache, 'component-page', path === '/' ? 'index.html' : path);
      await route.fulfill({
        body: await readFile(file),
        contentType: TYPES[extname(file)] ?? 'application/octet-stream',
      });
    });
    await page.goto('http://components.invalid/');
    for (const theme of ['light', 'dark', 'contrast']) {
      await page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
      await shot(page, theme === 'light' ? '10-components' : `10-components-${theme}`);
    }
  } finally {
    await browser.close();
  }
}
