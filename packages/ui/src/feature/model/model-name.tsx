import type { Fault } from '@soma/schemas/event';
import { type KeyboardEvent, useId, useState } from 'react';
import { type OfferedBy, type OfferedModel, useChatWays, useFormats, useText } from '../../client/index.ts';
import { Button, cx, Field, type FieldBinding, Input } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';

/** Names shown at once. */
const SHOWN = 60;

export interface ModelNameProps {
  readonly value: string;
  readonly onValue: (name: string) => void;
  readonly by: OfferedBy;
  /** Where it is asked. */
  readonly at: string;
  /** Names that were listed when the server was found; null where nobody has asked yet. */
  readonly known: readonly string[] | null;
}

/** The model's name: typed, or taken from the list of its server, which is asked only when a person says so. */
export function ModelName({ value, onValue, by, at, known }: ModelNameProps) {
  const text = useText();
  const { offered } = useChatWays();
  const [asking, setAsking] = useState(false);
  const [listed, setListed] = useState<readonly OfferedModel[] | null>(null);
  const [refused, setRefused] = useState<Fault | null>(null);
  const models: readonly Offer[] | null =
    listed ?? known?.map((model): Offer => ({ model, known: null })) ?? null;
  const list = async () => {
    setAsking(true);
    const answer = await offered(by);
    setAsking(false);
    setListed(answer.ok ? answer.models : null);
    setRefused(answer.ok ? null : answer.fault);
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field label={text('app.chat.form.model')} help={text('app.chat.form.modelHelp')}>
        {(binding) => <Names {...{ binding, value, onValue, models }} />}
      </Field>
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5">
        <Button small disabled={asking || at === ''} onClick={() => void list()}>
          {text(asking ? 'app.chat.form.asking' : 'app.chat.form.list')}
        </Button>
        {at !== '' && (
          <span className="min-w-40 flex-1 text-small break-words text-ink-3">
            {text('app.chat.form.listHelp', { address: at, key: by.key === null ? 'no' : 'yes' })}
          </span>
        )}
      </div>
      {refused !== null && (
        <div className="overflow-hidden rounded-card border border-line">
          <FaultCard fault={refused} live actions={<span />} />
        </div>
      )}
    </div>
  );
}

/** A name, and what its endpoint's list says of it; null where only the name was read. */
interface Offer {
  readonly model: string;
  readonly known: OfferedModel['known'] | null;
}

interface NamesProps extends Pick<ModelNameProps, 'value' | 'onValue'> {
  readonly binding: FieldBinding;
  readonly models: readonly Offer[] | null;
}

interface Choosing {
  readonly shown: readonly Offer[];
  /** How many fit beyond those that are shown. */
  readonly more: number;
  /** The place of the one that Enter takes; -1 for none. */
  readonly active: number;
  readonly press: (event: KeyboardEvent) => void;
  /** Puts a name into the field. */
  readonly type: (text: string) => void;
}

/** The names that have in them what is typed; arrow keys go through them, Enter takes one. */
function useChoosing({ value, onValue, models }: Omit<NamesProps, 'binding'>): Choosing {
  const [active, setActive] = useState(-1);
  const all = models ?? [];
  const part = all.some(({ model }) => model === value) ? '' : value.trim().toLocaleLowerCase();
  const fitting = all.filter(({ model }) => model.toLocaleLowerCase().includes(part));
  const shown = fitting.slice(0, SHOWN);
  const type = (text: string) => {
    onValue(text);
    setActive(-1);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = shown[active];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      const next = (active + step + shown.length) % shown.length;
      setActive(active < 0 && step < 0 ? shown.length - 1 : next);
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      type(chosen.model);
    } else if (event.key === 'Escape' && active >= 0) {
      event.stopPropagation();
      setActive(-1);
    }
  };
  return { shown, more: fitting.length - shown.length, active, press, type };
}

/** The field, and under it the names to choose from. */
function Names({ binding, value, onValue, models }: NamesProps) {
  const text = useText();
  const id = useId();
  const { shown, more, active, press, type } = useChoosing({ value, onValue, models });
  const count = models?.length ?? 0;
  return (
    <>
      <Input
        {...binding}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        {...(active >= 0 && { 'aria-activedescendant': `${id}-${active}` })}
        spellCheck={false}
        autoComplete="off"
        maxLength={200}
        value={value}
        onKeyDown={press}
        onChange={(event) => type(event.target.value)}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={text('app.chat.form.names')}
        className={cx(
          'mt-1 max-h-52 overflow-y-auto rounded-control border border-line p-1',
          shown.length === 0 && 'hidden',
        )}
      >
        {shown.map((offer, place) => (
          <Option
            key={offer.model}
            id={`${id}-${place}`}
            offer={offer}
            active={place === active}
            chosen={offer.model === value}
            onTake={() => type(offer.model)}
          />
        ))}
      </div>
      <p role="status" className="text-small text-ink-3 empty:hidden">
        {models !== null && count === 0 && text('app.chat.form.emptyList')}
        {count > 0 && shown.length === 0 && text('app.chat.form.noNames', { count })}
        {more > 0 && text('app.chat.form.more', { more })}
      </p>
    </>
  );
}

interface OptionProps {
  readonly id: string;
  readonly offer: Offer;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly onTake: () => void;
}

/** One name, with what is known of it. What is not known says so. */
function Option({ id, offer: { model, known }, active, chosen, onTake }: OptionProps) {
  const text = useText();
  const { count, money } = useFormats();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field that it belongs to has the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in that field.
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      ref={(node) => {
        if (active) node?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={onTake}
      className={cx(
        'flex min-h-row min-w-0 flex-wrap items-center gap-x-3 rounded-control px-2 select-none hover:bg-hover',
        active && 'bg-hover inset-ring inset-ring-accent-line',
        chosen && 'font-medium',
      )}
    >
      <bdi className="min-w-0 flex-1 break-words">{model}</bdi>
      {known !== null && (
        <span className="text-meta text-ink-3 tabular-nums">
          {known.contextTokens === null
            ? text('app.chat.form.contextUnknown')
            : text('app.chat.form.context', { tokens: count(known.contextTokens) })}
          {text('app.sign.comma')}
          {known.price.input === null || known.price.output === null
            ? text('app.chat.form.priceUnknown')
            : text('app.chat.form.price', {
                input: money(known.price.input),
                output: money(known.price.output),
              })}
        </span>
      )}
    </div>
  );
}
