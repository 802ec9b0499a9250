import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page of all components, for reviewers: npm run screenshots builds it and takes its picture. It is no part of the product.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: resolve(import.meta.dirname, '..', '..', '..', '.cache', 'component-page'),
    emptyOutDir: true,
  },
});
