import type { Budget, Fault } from '@soma/schemas/event';
import { budgetOf } from '@soma/schemas/workspace';
import { type FormEvent, useState } from 'react';
import { useCommands, useText, useWorkspace } from '../../client/index.ts';
import { Button, Field, Input } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { Part } from './page-head.tsx';

type Limits = Readonly<Record<keyof Budget, string>>;

const LIMITS = ['perRun', 'perDay'] as const;

/** A sum of US dollars as it is typed: nothing is no limit. Undefined where it is no such sum. */
function limitOf(typed: string): number | null | undefined {
  const sum = typed.trim();
  if (sum === '') return null;
  return /^\d{1,6}(\.\d{1,4})?$/.test(sum) ? Number(sum) : undefined;
}

/** What models may cost, a run and a day; an empty field is no limit. */
export function BudgetPart() {
  const text = useText();
  const { budget: set } = useCommands();
  const budget = budgetOf(useWorkspace());
  const shown: Limits = { perRun: String(budget.perRun ?? ''), perDay: String(budget.perDay ?? '') };
  const [typed, setTyped] = useState<Partial<Limits>>({});
  const [refused, setRefused] = useState<Fault | null>(null);
  const limits = { ...shown, ...typed };
  const [perRun, perDay] = LIMITS.map((name) => limitOf(limits[name]));
  const isNew = perRun !== budget.perRun || perDay !== budget.perDay;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (perRun === undefined || perDay === undefined || !isNew) return;
    const answer = await set({ perRun, perDay });
    setRefused(answer.ok ? null : answer.fault);
    if (answer.ok) setTyped({});
  };
  return (
    <Part title={text('app.chat.budget.title')}>
      <form onSubmit={(event) => void save(event)} className="flex min-w-0 flex-col gap-3 px-4 py-3">
        <p className="text-small text-ink-2">{text('app.chat.budget.help')}</p>
        <div className="flex min-w-0 flex-wrap items-end gap-3">
          {LIMITS.map((name) => (
            <Field
              key={name}
              label={text(`app.chat.budget.${name}`)}
              className="w-44"
              {...(limitOf(limits[name]) === undefined && { error: text('app.chat.budget.wrong') })}
            >
              {(binding) => (
                <Input
                  {...binding}
                  inputMode="decimal"
                  value={limits[name]}
                  placeholder={text('app.chat.budget.none')}
                  onChange={({ currentTarget: { value } }) => setTyped({ ...typed, [name]: value })}
                  end={<span className="text-ink-3">{text('app.chat.budget.unit')}</span>}
                />
              )}
            </Field>
          ))}
          <Button
            type="submit"
            {...((perRun === undefined || perDay === undefined || !isNew) && {
              reason: text(isNew ? 'app.chat.budget.wrong' : 'app.chat.budget.same'),
            })}
          >
            {text('app.chat.budget.save')}
          </Button>
        </div>
        {refused !== null && <FaultCard fault={refused} live actions={<span />} />}
      </form>
    </Part>
  );
}
