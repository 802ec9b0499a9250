import { X } from 'lucide-react';
import { DropdownMenu, Dialog as RadixDialog } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';
import { Keys } from './key.tsx';

/** The darkened board under a dialog, and the floating ground on it. */
export const VEIL = 'fixed inset-0 z-20 bg-veil animate-appear';
export const FLOAT = 'rounded-float border border-line-2 bg-raised shadow-3 animate-appear';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  /** Beside the title. */
  readonly note?: ReactNode;
  /** In the head, before the close button. */
  readonly tools?: ReactNode;
  readonly close: string;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** 720 px instead of 480; `whole` takes the window. */
  readonly wide?: boolean | 'whole';
}

/** Focus begins at the page itself, so that no button is armed; a field inside may ask for it with `autoFocus`. */
function focusWhole(event: Event) {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}

/** A floating page: focus stays in it, Escape closes it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  note,
  tools,
  close,
  children,
  footer,
  wide,
}: DialogProps) {
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={VEIL} />
        <RadixDialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focusWhole}
          className={cx(
            FLOAT,
            'outline-none',
            'fixed inset-x-4 top-10 z-20 mx-auto flex max-h-[calc(100vh-80px)] flex-col overflow-hidden',
            wide === 'whole' ? 'h-[calc(100vh-80px)]' : wide === true ? 'max-w-[720px]' : 'max-w-[480px]',
          )}
        >
          <header className="flex flex-none flex-wrap items-center gap-2 border-b border-line py-3.5 ps-5 pe-3">
            <RadixDialog.Title className="text-title">{title}</RadixDialog.Title>
            <span className="cut flex-1 text-small text-ink-3">{note}</span>
            {tools}
            <IconButton icon={X} small label={close} onClick={() => onOpenChange(false)} />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-3">{children}</div>
          {footer !== undefined && (
            <footer className="mx-5 flex flex-none flex-wrap items-center gap-2 border-t border-line py-3 text-small text-ink-2">
              {footer}
            </footer>
          )}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

export interface MenuItem {
  readonly id: string;
  readonly label: ReactNode;
  readonly icon?: LucideIcon;
  readonly keys?: readonly string[];
  /** Grey text after the label; for a blocked item its reason. */
  readonly detail?: ReactNode;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** A line above it. */
  readonly parted?: boolean;
  /** A dot before the one that is chosen. */
  readonly checked?: boolean;
  readonly onSelect: () => void;
}

export interface MenuProps {
  /** The button that opens it. */
  readonly children: ReactElement;
  readonly items: readonly MenuItem[];
  readonly label: string;
  readonly align?: 'start' | 'end';
}

/** A list of actions at a button, with their keys. */
export function Menu({ children, items, label, align = 'end' }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={cx(
            FLOAT,
            'z-30 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto p-1',
          )}
        >
          {items.map((item) => (
            <MenuLine key={item.id} {...item} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function MenuLine({ label, icon, keys, detail, disabled, danger, parted, checked, onSelect }: MenuItem) {
  const look = cx(
    'flex min-h-row items-center gap-2 rounded-control px-2 text-body outline-none select-none',
    'data-[highlighted]:bg-hover data-[highlighted]:inset-ring data-[highlighted]:inset-ring-accent-line',
    'data-[disabled]:text-ink-off',
    danger === true && 'text-failed-fg',
  );
  const inside = (
    <>
      {icon !== undefined && <Icon of={icon} className={danger === true ? '' : 'text-ink-2'} />}
      <span className="cut flex-1">{label}</span>
      {detail !== undefined && <span className="text-meta text-ink-3">{detail}</span>}
      {keys !== undefined && <Keys keys={keys} />}
    </>
  );
  return (
    <>
      {parted === true && <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />}
      {checked === undefined ? (
        <DropdownMenu.Item disabled={disabled} onSelect={onSelect} className={look}>
          {inside}
        </DropdownMenu.Item>
      ) : (
        <DropdownMenu.CheckboxItem checked={checked} disabled={disabled} onSelect={onSelect} className={look}>
          <i className={cx('size-1.5 flex-none rounded-full', checked && 'bg-accent-text')} />
          {inside}
        </DropdownMenu.CheckboxItem>
      )}
    </>
  );
}
