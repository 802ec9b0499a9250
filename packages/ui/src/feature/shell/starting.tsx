import type { i18n } from 'i18next';
import { Hourglass } from 'lucide-react';
import { useEffect } from 'react';
import { EmptyState, followTheme } from '../../design/index.ts';

/** The host has not answered for a while: a window that stays empty would tell nobody whether anything goes on. */
export function Starting({ translator }: { readonly translator: i18n }) {
  useEffect(() => followTheme('system', window), []);
  return (
    <main className="h-full bg-canvas" aria-busy="true">
      <EmptyState icon={Hourglass} title={translator.t('app.shell.starting')}>
        {translator.t('app.shell.startingWhy')}
      </EmptyState>
    </main>
  );
}
