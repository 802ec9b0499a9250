import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromium } from '../../infra/launch/system-parts.mjs';

const launchOptions = {
  executablePath: chromium(),
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-gpu',
  ],
};

// Every *.test.tsx runs in a real Chromium, with the style sheet and the fonts of the app.
export default defineConfig({
  plugins: [react(), tailwindcss()],
  optimizeDeps: {
    include: [
      'react',
      'react-dom/client',
      'react/jsx-dev-runtime',
      'radix-ui',
      'cmdk',
      'lucide-react',
      'axe-core',
      'diff',
      // Found only on the way, each would load every page anew.
      '@soma/schemas > @orpc/client',
      '@soma/schemas > @orpc/client/message-port',
      '@orpc/server',
      '@tanstack/react-query',
      '@xyflow/react',
      'i18next',
      'markdown-it',
      'react-dom',
      'react-i18next',
      'react/jsx-runtime',
      'yjs',
      'zustand',
      'zustand/react/shallow',
    ],
  },
  test: {
    name: 'browser',
    include: ['src/**/*.test.tsx'],
    // Pages open side by side also where there are two cores; what is waited for comes later then.
    maxWorkers: 2,
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      viewport: { width: 1440, height: 900 },
      provider: playwright({ launchOptions }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
