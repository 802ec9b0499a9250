import { Tabs as RadixTabs, ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';

export interface TabItem {
  readonly id: string;
  readonly label: ReactNode;
  /** Shown in grey after the label. */
  readonly count?: number;
  readonly content: ReactNode;
}

export interface TabsProps {
  readonly items: readonly TabItem[];
  readonly value: string;
  readonly onValueChange: (id: string) => void;
  /** What the tabs are of, for a screen reader. */
  readonly label: string;
  readonly className?: string;
}

/** Text tabs over a hairline; arrow keys move along them. */
export function Tabs({ items, value, onValueChange, label, className }: TabsProps) {
  return (
    <RadixTabs.Root
      value={value}
      onValueChange={onValueChange}
      className={cx('flex min-h-0 min-w-0 flex-1 flex-col', className)}
    >
      <RadixTabs.List
        aria-label={label}
        className="flex flex-none gap-4 overflow-x-auto border-b border-line px-4 [scrollbar-width:none]"
      >
        {items.map((item) => (
          <RadixTabs.Trigger
            key={item.id}
            value={item.id}
            className={cx(
              // A little room on both sides, so that the ring does not touch the word.
              'relative -mx-1 inline-flex min-h-[34px] flex-none items-center gap-[5px] px-1 text-small font-medium whitespace-nowrap',
              'text-ink-3 transition-colors hover:text-ink data-[state=active]:text-ink -outline-offset-2',
              'after:absolute after:inset-x-1 after:bottom-0 after:h-0.5 after:rounded-[1px]',
              'data-[state=active]:after:bg-ink forced-colors:data-[state=active]:after:bg-[Highlight]',
            )}
          >
            {item.label}
            {item.count !== undefined && <span className="font-medium text-ink-3">{item.count}</span>}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {items.map((item) => (
        <RadixTabs.Content
          key={item.id}
          value={item.id}
          className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
        >
          {item.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}

export interface SegmentedProps<Choice extends string> {
  readonly items: readonly { readonly id: Choice; readonly label: ReactNode; readonly icon?: LucideIcon }[];
  readonly value: Choice;
  readonly onValueChange: (id: Choice) => void;
  readonly label: string;
  readonly className?: string;
}

/** One choice of a few, all in sight. */
export function Segmented<Choice extends string>(props: SegmentedProps<Choice>) {
  const { items, value, onValueChange, label, className } = props;
  const choose = (id: string) => {
    const item = items.find((each) => each.id === id);
    if (item !== undefined) onValueChange(item.id);
  };
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={choose}
      aria-label={label}
      className={cx(
        'inline-flex max-w-full flex-none flex-wrap gap-px rounded-[7px] bg-hover p-0.5',
        className,
      )}
    >
      {items.map((item) => (
        <ToggleGroup.Item
          key={item.id}
          value={item.id}
          className={cx(
            'inline-flex min-h-6 items-center gap-[5px] rounded-chip px-[9px] text-small font-medium whitespace-nowrap',
            'text-ink-2 transition-colors hover:text-ink data-[state=on]:bg-press data-[state=on]:text-ink',
            'data-[state=on]:shadow-1 data-[state=on]:ring data-[state=on]:ring-line',
          )}
        >
          {item.icon !== undefined && <Icon of={item.icon} size={14} />}
          {item.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
