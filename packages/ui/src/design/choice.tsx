import { Check } from 'lucide-react';
import { Checkbox as RadixCheckbox, RadioGroup as RadixRadioGroup, Switch as RadixSwitch } from 'radix-ui';
import { type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

interface OnOffProps {
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly id?: string;
  readonly 'aria-labelledby'?: string;
  readonly 'aria-describedby'?: string;
}

export interface SwitchProps extends OnOffProps {
  /** The accessible name, when no label stands beside it. */
  readonly label?: string;
}

/** On or off, at once. */
export function Switch({ label, ...rest }: SwitchProps) {
  return (
    <RadixSwitch.Root
      {...rest}
      aria-label={label}
      onCheckedChange={rest.onCheckedChange}
      className={cx(
        'hit inline-flex h-4.5 w-[30px] flex-none items-center rounded-full border border-transparent bg-line-ctl px-px',
        'transition-colors duration-140 data-[state=checked]:bg-accent disabled:bg-line-2',
        'forced-colors:border-[ButtonText] forced-colors:data-[state=checked]:bg-[Highlight]',
      )}
    >
      <RadixSwitch.Thumb
        data-swatch
        className={cx(
          'block size-3.5 rounded-full bg-knob transition-transform duration-140 forced-colors:bg-[ButtonText]',
          'data-[state=checked]:translate-x-3 rtl:data-[state=checked]:-translate-x-3',
        )}
      />
    </RadixSwitch.Root>
  );
}

export interface CheckboxProps extends Omit<OnOffProps, 'id' | 'checked'> {
  readonly checked: boolean | 'indeterminate';
  /** Its words; pressing them toggles it. */
  readonly children?: ReactNode;
  /** The accessible name, when there are no words. */
  readonly label?: string;
}

/** One of several that may all be chosen. */
export function Checkbox({ children, label, ...rest }: CheckboxProps) {
  const id = useId();
  const box = (
    <RadixCheckbox.Root
      {...rest}
      id={id}
      aria-label={label}
      onCheckedChange={(checked) => rest.onCheckedChange(checked === true)}
      className={cx(
        'hit inline-flex size-4 flex-none items-center justify-center rounded-mark border-[1.5px] border-line-ctl bg-card',
        'transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent',
        'data-[state=checked]:text-on-accent disabled:border-line-2',
      )}
    >
      <RadixCheckbox.Indicator>
        <Icon of={Check} size={12} />
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
  if (children === undefined) return box;
  return (
    <label htmlFor={id} className="inline-flex min-h-6 items-center gap-2">
      {box}
      {children}
    </label>
  );
}

export interface RadiosProps<Choice extends string> {
  readonly items: readonly { readonly id: Choice; readonly label: ReactNode; readonly help?: ReactNode }[];
  readonly value: Choice;
  readonly onValueChange: (id: Choice) => void;
  readonly label: string;
  /** Beside one another instead of below. */
  readonly inline?: boolean;
}

/** One choice of a few, each with room for a sentence. */
export function Radios<Choice extends string>({
  items,
  value,
  onValueChange,
  label,
  inline,
}: RadiosProps<Choice>) {
  const group = useId();
  const choose = (id: string) => {
    const item = items.find((each) => each.id === id);
    if (item !== undefined) onValueChange(item.id);
  };
  return (
    <RadixRadioGroup.Root
      value={value}
      onValueChange={choose}
      aria-label={label}
      className={cx('flex gap-x-3 gap-y-1', inline === true ? 'flex-row flex-wrap' : 'flex-col')}
    >
      {items.map((item) => (
        <label
          key={item.id}
          htmlFor={`${group}-${item.id}`}
          className="inline-flex min-h-6 items-start gap-2 py-0.5"
        >
          <span className="flex h-[1.25rem] items-center">
            <RadixRadioGroup.Item
              id={`${group}-${item.id}`}
              value={item.id}
              className={cx(
                'hit size-4 flex-none rounded-full border-[1.5px] border-line-ctl bg-card transition-colors',
                'data-[state=checked]:border-5 data-[state=checked]:border-accent',
              )}
            />
          </span>
          <span className="min-w-0">
            {item.label}
            {item.help !== undefined && <span className="block text-small text-ink-3">{item.help}</span>}
          </span>
        </label>
      ))}
    </RadixRadioGroup.Root>
  );
}
