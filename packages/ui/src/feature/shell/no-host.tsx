import type { Fault } from '@soma/schemas/event';
import { faultText } from '@soma/schemas/message';
import type { i18n } from 'i18next';
import { Hourglass } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, EmptyState, ErrorState, followTheme } from '../../design/index.ts';

export interface NoHostProps {
  readonly fault: Fault;
  readonly translator: i18n;
  readonly onAgain: () => void;
  /** Where the log of runs is lost and an empty one can be begun from here. */
  readonly beginAnew: (() => Promise<void>) | null;
}

/** Why there is no app: the host cannot be reached, or speaks another protocol. */
export function NoHost({ fault, translator, onAgain, beginAnew }: NoHostProps) {
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
            <>
              {beginAnew !== null && <BeginAnew {...{ translator, beginAnew, onAgain }} />}
              <Button kind="primary" small onClick={onAgain}>
                {translator.t('app.shell.again')}
              </Button>
            </>
          }
        />
      </div>
    </main>
  );
}

interface BeginAnewProps {
  readonly translator: i18n;
  readonly beginAnew: () => Promise<void>;
  readonly onAgain: () => void;
}

/** Asks once more before it begins an empty log: the damaged one is kept aside, but the runs in it are no longer listed. */
function BeginAnew({ translator, beginAnew, onAgain }: BeginAnewProps) {
  const [asked, setAsked] = useState(false);
  const begin = () => {
    if (!asked) return setAsked(true);
    void beginAnew().finally(onAgain);
  };
  return (
    <Button small onClick={begin}>
      {translator.t(asked ? 'app.fault.beginAnewSure' : 'app.fault.beginAnew')}
    </Button>
  );
}

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
