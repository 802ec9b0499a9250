import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';
import { Keys } from './key.tsx';
import { FLOAT, VEIL } from './overlay.tsx';

export interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** The accessible name of the palette and of its list. */
  readonly label: string;
  readonly query: string;
  readonly onQueryChange: (query: string) => void;
  readonly placeholder: string;
  /** Beside the field: the scope as a `Chip`, the key that closes. */
  readonly scope?: ReactNode;
  /** Id of the selected item; the best match first. */
  readonly selected?: string;
  readonly onSelectedChange?: (id: string) => void;
  /** `PaletteGroup`s, ranked by the caller. */
  readonly children: ReactNode;
  /** Said when nothing matches. */
  readonly empty: ReactNode;
  /** The line of keys at the bottom. */
  readonly footer?: ReactNode;
  /** Sees each key before the palette does, for other keys while it is open, such as Ctrl Enter. */
  readonly onKeyDown?: (event: React.KeyboardEvent) => void;
}

/** The palette, 620 wide: a field over ranked groups, arrow keys and Enter. */
export function Palette(props: PaletteProps) {
  return (
    <Dialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={VEIL} />
        <Dialog.Content
          aria-describedby={undefined}
          onKeyDownCapture={props.onKeyDown}
          className={cx(FLOAT, 'fixed inset-x-4 top-10 z-20 mx-auto max-w-[620px] overflow-hidden')}
        >
          <Dialog.Title className="sr-only">{props.label}</Dialog.Title>
          <PaletteFace {...props} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteFace(props: PaletteProps) {
  const { label, query, onQueryChange, placeholder, scope, children, empty, footer } = props;
  return (
    <Command
      label={label}
      shouldFilter={false}
      vimBindings={false}
      value={props.selected}
      onValueChange={props.onSelectedChange}
      className="flex max-h-[min(640px,calc(100vh-80px))] flex-col"
    >
      <div className="flex min-h-13 flex-none items-center gap-3 border-b border-line px-4">
        <Icon of={Search} size={18} className="text-ink-3" />
        <Command.Input
          value={query}
          onValueChange={onQueryChange}
          placeholder={placeholder}
          className="min-w-0 flex-1 bg-transparent text-title font-normal caret-accent outline-none"
        />
        {scope}
      </div>
      <Command.List className="min-h-0 flex-1 scroll-py-2 overflow-y-auto px-1.5 pb-2" label={label}>
        <Command.Empty className="px-2.5 py-6 text-center text-ink-2">{empty}</Command.Empty>
        {children}
      </Command.List>
      {footer !== undefined && (
        <div className="flex min-h-[34px] flex-none flex-wrap items-center gap-3.5 border-t border-line px-3.5 text-meta text-ink-3">
          {footer}
        </div>
      )}
    </Command>
  );
}

export interface PaletteGroupProps {
  readonly title: ReactNode;
  readonly count?: number;
  readonly children: ReactNode;
}

/** Items of one kind under their head and number. */
export function PaletteGroup({ title, count, children }: PaletteGroupProps) {
  const heading = (
    <span className="flex min-h-9 items-center px-2.5 pt-2.5 text-meta font-medium text-ink-3">
      <span className="flex-1">{title}</span>
      {count}
    </span>
  );
  return <Command.Group heading={heading}>{children}</Command.Group>;
}

export interface PaletteItemProps {
  readonly id: string;
  readonly title: string;
  /** Where the query matched the title: start and end. */
  readonly matches?: readonly (readonly [number, number])[];
  readonly detail?: ReactNode;
  readonly icon?: LucideIcon;
  /** A state icon or avatar instead of an icon. */
  readonly mark?: ReactNode;
  /** At the end: an age, a place; for a blocked item the reason. */
  readonly end?: ReactNode;
  readonly keys?: readonly string[];
  /** Cannot be done now; shown grey with its reason, and skipped by the arrow keys. */
  readonly blocked?: boolean;
  readonly onSelect: () => void;
}

/** One thing to do or to open. Matched letters are in the accent colour. */
export function PaletteItem(props: PaletteItemProps) {
  const { id, title, matches = [], detail, icon, mark, end, keys, blocked = false, onSelect } = props;
  return (
    <Command.Item
      value={id}
      disabled={blocked}
      onSelect={onSelect}
      className={cx(
        'flex min-h-9 min-w-0 items-center gap-2.5 rounded-control border border-transparent px-2.5 select-none',
        'data-[selected=true]:border-accent-line data-[selected=true]:bg-accent-bg',
        blocked && 'text-ink-3',
      )}
    >
      <span className="flex w-5 flex-none justify-center text-ink-2">
        {icon === undefined ? mark : <Icon of={icon} />}
      </span>
      <span className="cut flex-1">
        <Matched text={title} matches={matches} />
        {detail !== undefined && <span className="ms-1 text-ink-3">{detail}</span>}
      </span>
      {end !== undefined && <span className="flex-none text-meta text-ink-3">{end}</span>}
      {keys !== undefined && <Keys keys={keys} />}
    </Command.Item>
  );
}

function Matched({
  text,
  matches,
}: {
  readonly text: string;
  readonly matches: PaletteItemProps['matches'];
}) {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const [start, end] of matches ?? []) {
    parts.push(text.slice(from, start));
    parts.push(
      <mark key={start} className="bg-transparent font-semibold text-accent-text">
        {text.slice(start, end)}
      </mark>,
    );
    from = end;
  }
  return <span className="font-medium">{[...parts, text.slice(from)]}</span>;
}
