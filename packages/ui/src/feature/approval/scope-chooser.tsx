import type { Reach } from '@soma/schemas/contract';
import type { ApprovalScope } from '@soma/schemas/event';
import type { CallState } from '@soma/schemas/run';
import { useState } from 'react';
import { type Text, useClient, useText } from '../../client/index.ts';
import { Input, Segmented } from '../../design/index.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days ahead that a folder's permission first lasts, and at most. */
const DAYS = { first: 7, most: 365 } as const;

/** How far an approval is to reach, as it is being chosen. */
export interface Scope {
  readonly chosen: ApprovalScope;
  readonly choose: (scope: ApprovalScope) => void;
  /** The last day of a folder's permission, `YYYY-MM-DD` here. */
  readonly day: string;
  readonly setDay: (day: string) => void;
  readonly reach: Reach;
  /** "Approve once", with the scope in its words. */
  readonly words: string;
  /** The last day, in words. */
  readonly date: string;
}

/** The scope of the answer to a question. It begins at once, and goes back there for another question. */
export function useScope(question: string): Scope {
  const text = useText();
  const { language } = useClient().translator;
  const [wish, setWish] = useState<{ readonly of: string; readonly scope: ApprovalScope } | null>(null);
  const chosen = wish?.of === question ? wish.scope : 'once';
  const choose = (scope: ApprovalScope) => setWish({ of: question, scope });
  const [day, setDay] = useState(() => dayOf(Date.now() + DAYS.first * DAY_MS));
  const until = new Date(`${day}T23:59:59`);
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' }).format(until);
  const reach: Reach =
    chosen === 'folder' ? { scope: chosen, until: until.toISOString() } : { scope: chosen };
  return {
    chosen,
    choose,
    day,
    setDay,
    reach,
    words: text(`app.approval.approve.${chosen}`, { date }),
    date,
  };
}

/** A day of the calendar here, as a date field takes it. */
function dayOf(time: number): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export interface ScopeChooserProps {
  readonly scope: Scope;
  readonly scopes: readonly ApprovalScope[];
  /** What the chosen scope covers, in words. */
  readonly covers: string;
  /** Of how many runs calls are approved. */
  readonly runs?: number;
}

/** Once, this run, or this folder until a day, as far as offered, and what that covers. */
export function ScopeChooser({ scope, scopes, covers, runs = 1 }: ScopeChooserProps) {
  const text = useText();
  const { chosen, choose, day, setDay } = scope;
  const setKnown = (given: string) => {
    if (given >= dayOf(Date.now()) && given <= dayOf(Date.now() + DAYS.most * DAY_MS)) setDay(given);
  };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="text-small text-ink-2">{text('app.approval.howLong')}</span>
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <Segmented
          label={text('app.approval.howLong')}
          value={chosen}
          onValueChange={choose}
          items={scopes.map((id) => ({
            id,
            label: text(`app.approval.scope.${id === 'run' && runs > 1 ? 'these' : id}`),
          }))}
        />
        {chosen === 'folder' && (
          <span className="w-36">
            <Input
              small
              type="date"
              aria-label={text('app.approval.until')}
              value={day}
              min={dayOf(Date.now())}
              max={dayOf(Date.now() + DAYS.most * DAY_MS)}
              onChange={(event) => setKnown(event.target.value)}
            />
          </span>
        )}
      </div>
      <p className="text-meta text-ink-3">{covers}</p>
    </div>
  );
}

/** What an approval of this scope covers; a command or a request only ever itself. */
export function coversOne(
  text: Text,
  { chosen, call, folder }: { chosen: ApprovalScope; call: CallState | undefined; folder: string },
): string {
  if (chosen === 'once') return text('app.approval.covers.once');
  if (chosen === 'run' && call?.risk === 'model') return text('app.approval.covers.runModel');
  return text(`app.approval.covers.${chosen}${isExact(call) ? 'Exact' : ''}`, {
    tool: call?.tool ?? '',
    folder,
  });
}

/** Whether an approval that reaches further covers calls with the very same arguments only. */
export function isExact(call: CallState | undefined): boolean {
  return call?.risk === 'execute' || call?.risk === 'network';
}
