import type { Plugin } from 'vite';

/** The faces of the first screen in any language written in Latin letters. */
const FIRST = /\/(?:inter|jetbrains-mono)-latin-wght-normal-[^/]*\.woff2$/;

/** Has the page fetch its first fonts with its scripts, so that its text is laid out once. */
export function firstFonts(): Plugin {
  return {
    name: 'first-fonts',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .map((file) => `/${file}`)
          .filter((file) => FIRST.test(file))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `.${file}` },
            injectTo: 'head',
          })),
    },
  };
}
