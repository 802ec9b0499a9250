import { createElement } from 'react';
import { DesignRoot, Markdown } from 'soma-ui/src/design/index.ts';
import { serve } from './serve.js';
import 'soma-ui/src/design/style.css';

const ways = {
  words: {
    copy: 'Copy the code',
    copied: 'Copied',
    code: (language) => `Code, ${language}`,
    table: 'Table',
    done: 'Done',
    open: 'Not done',
    openPlace: (words) => `Open ${words}`,
  },
  openOutside: () => undefined,
  openPlace: () => undefined,
};

serve((text) => createElement(DesignRoot, { dir: 'ltr' }, createElement(Markdown, { text, ways })));
