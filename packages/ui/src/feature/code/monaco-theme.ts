import { editor } from './monaco.ts';

const NAME = 'soma';
const BASES = { light: 'vs', dark: 'vs-dark', contrast: 'hc-black' } as const;

/** What a word of code is, and the hue it takes: state colours are never spent on code. */
const HUES = [
  ['keyword', '--p7'],
  ['string', '--p2'],
  ['number', '--p4'],
  ['type', '--p5'],
  ['tag', '--p7'],
  ['attribute.name', '--p5'],
  ['regexp', '--p6'],
  ['annotation', '--p6'],
  ['variable.predefined', '--p5'],
] as const;

/** Brackets in many colours would say what no rule of ours says. */
export const PLAIN_BRACKETS = {
  bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
};

/** Puts the app's own colours on every editor, again whenever the page's theme changes, until the returned function is called. */
export function wearTheme(): () => void {
  const root = document.documentElement;
  const wear = () => {
    editor.defineTheme(NAME, themeOf(root));
    editor.setTheme(NAME);
  };
  wear();
  const watcher = new MutationObserver(wear);
  watcher.observe(root, { attributes: true, attributeFilter: ['data-theme'] });
  return () => watcher.disconnect();
}

function themeOf(root: HTMLElement): editor.IStandaloneThemeData {
  const style = getComputedStyle(root);
  const colour = (token: string) => whole(style.getPropertyValue(token).trim());
  const named = root.dataset.theme;
  const theme = named === 'dark' || named === 'contrast' ? named : 'light';
  const ink = colour('--text');
  // A hue is made to carry white text; as text itself it takes a share of the ink, so that it stays readable.
  const word = (token: string) => mixed(colour(token), ink, theme === 'contrast' ? 0 : 0.25);
  return {
    base: BASES[theme],
    inherit: false,
    rules: [
      { token: '', foreground: ink.slice(1) },
      { token: 'comment', foreground: colour('--text-3').slice(1), fontStyle: 'italic' },
      { token: 'delimiter', foreground: colour('--text-2').slice(1) },
      ...HUES.map(([token, hue]) => ({ token, foreground: word(hue).slice(1) })),
    ],
    colors: {
      'editor.background': colour('--card'),
      'editor.foreground': ink,
      'editorLineNumber.foreground': colour('--text-3'),
      'editorLineNumber.activeForeground': ink,
      'editorCursor.foreground': colour('--accent'),
      'editor.selectionBackground': colour('--accent-line'),
      'editor.findMatchBackground': colour('--accent-line'),
      'editor.findMatchHighlightBackground': colour('--accent-bg'),
      'editorBracketMatch.background': colour('--hover'),
      'editorBracketMatch.border': colour('--line-ctl'),
      'editorIndentGuide.background1': colour('--line'),
      'editorWidget.background': colour('--raised'),
      'editorWidget.foreground': ink,
      'editorWidget.border': colour('--line-2'),
      'input.background': colour('--card'),
      'input.border': colour('--line-ctl'),
      'input.foreground': ink,
      focusBorder: colour('--accent'),
      'scrollbarSlider.background': `${colour('--line-ctl')}55`,
      'scrollbarSlider.hoverBackground': `${colour('--line-ctl')}88`,
      'diffEditor.insertedLineBackground': colour('--add-bg'),
      'diffEditor.removedLineBackground': colour('--del-bg'),
      'diffEditor.insertedTextBackground': colour('--add-word'),
      'diffEditor.removedTextBackground': colour('--del-word'),
      'diffEditorGutter.insertedLineBackground': colour('--add-bg'),
      'diffEditorGutter.removedLineBackground': colour('--del-bg'),
      'diffEditor.diagonalFill': `${colour('--line-ctl')}33`,
      'editorOverviewRuler.border': colour('--card'),
    },
  };
}

/** A built style sheet shortens `#rrggbb` to `#rgb`, which the editor refuses. */
export function whole(colour: string): string {
  return /^#[\da-f]{3}$/i.test(colour) ? colour.replace(/[\da-f]/gi, '$&$&') : colour;
}

/** A colour `#rrggbb` with a share of another, 0 to 1. */
function mixed(colour: string, other: string, share: number): string {
  const parts = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const [a, b] = [parts(colour), parts(other)];
  const both = a.map((value, at) => Math.round(value * (1 - share) + (b[at] ?? 0) * share));
  return `#${both.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
