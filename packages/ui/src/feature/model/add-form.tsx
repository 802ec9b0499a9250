import type { ModelToAdd } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { type FormEvent, useState } from 'react';
import { useChatWays, useText, useViewStore } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';

export interface AddFormProps {
  readonly children: React.ReactNode;
  /** What adding it means, a sentence each. */
  readonly means: readonly string[];
  /** What is to be added, or why it cannot be yet. */
  readonly ready: { readonly model: ModelToAdd } | { readonly missing: string };
}

/** The fields, what adding means, and the one press. */
export function AddForm({ children, means, ready }: AddFormProps) {
  const text = useText();
  const view = useViewStore();
  const { add } = useChatWays();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Fault | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || 'missing' in ready) return;
    setBusy(true);
    const answer = await add(ready.model);
    setBusy(false);
    if (answer.ok) view.openModels({ at: 'test', added: answer.added });
    else setRefused(answer.fault);
  };
  return (
    <form
      onSubmit={(event) => void submit(event)}
      className="flex min-w-0 flex-col gap-4 rounded-panel border border-line bg-card px-4 py-3.5"
    >
      {children}
      <section aria-label={text('app.chat.form.means')} className="rounded-card bg-sunken px-3 py-2.5">
        <h2 className="text-small font-medium">{text('app.chat.form.means')}</h2>
        <ul className="mt-1 flex list-disc flex-col gap-0.5 ps-4 text-small text-ink-2">
          {means.map((sentence) => (
            <li key={sentence} className="break-words">
              {sentence}
            </li>
          ))}
        </ul>
      </section>
      {refused !== null && (
        <div className="overflow-hidden rounded-card border border-line">
          <FaultCard fault={refused} live actions={<span />} />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          kind="primary"
          type="submit"
          disabled={busy}
          {...('missing' in ready && { reason: ready.missing })}
        >
          {text(busy ? 'app.chat.form.adding' : 'app.chat.form.act')}
        </Button>
        <Button onClick={() => view.openModels({ at: 'list' })}>{text('app.chat.form.cancel')}</Button>
        {'missing' in ready && <span className="text-small text-ink-3">{ready.missing}</span>}
      </div>
    </form>
  );
}
