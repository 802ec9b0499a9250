import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vite';

// The product's package of page parts, whose style sheet needs its own Tailwind; the peer's is made by the same.
const ui = process.env.SOMA_UI;
const ofUi = createRequire(join(ui, 'package.json'));
const { default: tailwindcss } = await import(pathToFileURL(ofUi.resolve('@tailwindcss/vite')).href);

// Both pages in one build, with one React.
export default defineConfig({
  plugins: [tailwindcss()],
  resolve: {
    alias: [
      { find: 'soma-ui', replacement: ui },
      { find: /^tailwindcss$/, replacement: join(ui, 'node_modules', 'tailwindcss', 'index.css') },
    ],
    dedupe: ['react', 'react-dom'],
  },
  build: {
    rolldownOptions: {
      input: ['soma', 'streamdown'].map((name) => resolve(import.meta.dirname, `${name}.html`)),
    },
  },
});
