import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useText, useViewStore } from '../../client/index.ts';
import { Button } from '../../design/index.ts';

export interface PageHeadProps {
  readonly title: string;
  /** What the page is about, under the title. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** With a way back to the list. */
  readonly inner?: boolean;
}

/** The head of a part of the page. Focus begins at it, so that no button is armed and a screen reader says where one is. */
export function PageHead({ title, children, actions, inner = false }: PageHeadProps) {
  const text = useText();
  const view = useViewStore();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <header className="flex min-w-0 flex-col gap-1.5">
      {inner && (
        <span>
          <Button kind="link" icon={ArrowLeft} onClick={() => view.openModels({ at: 'list' })}>
            {text('app.chat.back')}
          </Button>
        </span>
      )}
      <div className="flex min-w-0 flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-64 flex-1">
          <h1 ref={head} tabIndex={-1} className="text-page outline-none">
            {title}
          </h1>
          {children}
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2 pt-0.5">{actions}</div>}
      </div>
    </header>
  );
}

export interface PartProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page: its title and a card. */
export function Part({ title, note, children }: PartProps) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col rounded-panel border border-line bg-card">
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-3 border-b border-line px-4 py-2.5">
        <h2 className="flex-1 font-semibold">{title}</h2>
        {note !== undefined && <span className="text-small text-ink-3">{note}</span>}
      </div>
      {children}
    </section>
  );
}
