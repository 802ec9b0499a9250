/** What a person chose; `system` follows the machine. */
export type ThemeChoice = 'system' | 'light' | 'dark' | 'contrast';

/** What the root element says under `data-theme`. */
export type Theme = Exclude<ThemeChoice, 'system'>;

const MORE_CONTRAST = '(prefers-contrast: more)';
const DARK = '(prefers-color-scheme: dark)';

function themeOf(choice: ThemeChoice, view: Window): Theme {
  if (choice !== 'system') return choice;
  if (view.matchMedia(MORE_CONTRAST).matches) return 'contrast';
  return view.matchMedia(DARK).matches ? 'dark' : 'light';
}

/** Sets `data-theme` on the root element and keeps it right while the machine's wishes change; returns the end of it. */
export function followTheme(choice: ThemeChoice, view: Window): () => void {
  const root = view.document.documentElement;
  const apply = () => {
    root.dataset.theme = themeOf(choice, view);
  };
  const watched = [MORE_CONTRAST, DARK].map((query) => view.matchMedia(query));
  for (const query of watched) query.addEventListener('change', apply);
  apply();
  return () => {
    for (const query of watched) query.removeEventListener('change', apply);
  };
}
