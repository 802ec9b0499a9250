import { Contrast, Monitor, Moon, Sun } from 'lucide-react';
import { useEffect } from 'react';
import { useText, useView, useViewStore } from '../../client/index.ts';
import { followTheme, Segmented } from '../../design/index.ts';

const CHOICES = [
  { id: 'system', icon: Monitor },
  { id: 'light', icon: Sun },
  { id: 'dark', icon: Moon },
  { id: 'contrast', icon: Contrast },
] as const;

/** Light, dark, high contrast, or as the machine wishes; remembered in this window's storage. */
export function ThemeControl() {
  const text = useText();
  const theme = useView((view) => view.theme);
  const { setTheme } = useViewStore();
  return (
    <Segmented
      label={text('app.settings.theme.title')}
      value={theme}
      onValueChange={setTheme}
      items={CHOICES.map(({ id, icon }) => ({ id, icon, label: text(`app.settings.theme.${id}`) }))}
    />
  );
}

/** Makes the page wear the chosen theme. Stands once in the app. */
export function useChosenTheme(): void {
  const theme = useView((view) => view.theme);
  useEffect(() => followTheme(theme, window), [theme]);
}
