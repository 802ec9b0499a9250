import type { Fault } from '@soma/schemas/event';
import { faultText } from '@soma/schemas/message';
import type { i18n } from 'i18next';
import { useEffect } from 'react';
import { Button, ErrorState, followTheme } from '../../design/index.ts';

export interface NoHostProps {
  readonly fault: Fault;
  readonly translator: i18n;
  readonly onAgain: () => void;
}

/** Why there is no app: the host cannot be reached, or speaks another protocol. */
export function NoHost({ fault, translator, onAgain }: NoHostProps) {
  const { title, cause, effect, next, code } = faultText(translator, fault);
  const name = (part: string) => translator.t(`app.fault.${part}`);
  useEffect(() => followTheme('system', window), []);
  return (
    <main className="flex h-full items-center justify-center bg-canvas p-6">
      <div className="w-[452px] max-w-full rounded-card border border-line-2 bg-card shadow-2">
        <ErrorState
          tone="failed"
          live
          title={title}
          code={code}
          facts={[
            { id: 'cause', name: name('cause'), value: cause },
            { id: 'effect', name: name('effect'), value: effect },
            { id: 'next', name: name('next'), value: next },
          ]}
          actions={
            <Button kind="primary" small onClick={onAgain}>
              {translator.t('app.shell.again')}
            </Button>
          }
        />
      </div>
    </main>
  );
}
