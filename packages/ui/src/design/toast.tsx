import { X } from 'lucide-react';
import { Toast as RadixToast } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';

export interface ToastAction {
  readonly label: string;
  /** How to do the same without the toast, for a screen reader: "Press Ctrl Z to undo". */
  readonly elsewhere: string;
  readonly onAct: () => void;
}

export interface ToastFaceProps {
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

const FACE =
  'inline-flex min-h-10 items-center gap-2.5 rounded-card border border-transparent bg-tip ps-3 pe-2 text-body text-on-tip shadow-3';
const ACT = cx(
  'hit inline-flex min-h-6.5 items-center rounded-control px-1.5 text-small font-medium underline underline-offset-3',
  'outline-current',
);

export interface ToastProps extends ToastFaceProps {
  readonly action?: ToastAction;
  /** The name of the button that dismisses it. */
  readonly close: string;
  /** The name of the live region: "Notice". */
  readonly region: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/**
 * The one toast: for what has an undo or a jump, never for an error. Stays 6 s, longer while hovered or focused,
 * and is read aloud.
 */
export function Toast({ icon, children, action, close, region, open, onOpenChange }: ToastProps) {
  const [stack] = useState(stackOf);
  return (
    <RadixToast.Provider duration={6000} label={region} swipeDirection="down">
      <RadixToast.Root open={open} onOpenChange={onOpenChange} className={cx(FACE, 'animate-arrive')}>
        {icon !== undefined && <Icon of={icon} />}
        <RadixToast.Description>{children}</RadixToast.Description>
        {action !== undefined && (
          <RadixToast.Action altText={action.elsewhere} onClick={action.onAct} className={ACT}>
            {action.label}
          </RadixToast.Action>
        )}
        <RadixToast.Close
          aria-label={close}
          className="inline-flex size-6 items-center justify-center rounded-control outline-current"
        >
          <Icon of={X} />
        </RadixToast.Close>
      </RadixToast.Root>
      {createPortal(
        <RadixToast.Viewport label={region} className="pointer-events-auto empty:hidden" />,
        stack,
      )}
    </RadixToast.Provider>
  );
}

/** The place of all toasts of the page, which stand above one another there. */
function stackOf(): HTMLElement {
  const known = document.querySelector<HTMLElement>('[data-toasts]');
  if (known !== null) return known;
  const made = document.createElement('div');
  made.dataset.toasts = '';
  made.className =
    'pointer-events-none fixed inset-x-4 bottom-11 z-30 flex flex-col items-center justify-end gap-2';
  document.body.append(made);
  return made;
}

/** The toast's face alone, where it stands still in a page. */
export function ToastFace({ icon, children, act }: ToastFaceProps & { readonly act?: ReactNode }) {
  return (
    <span className={FACE}>
      {icon !== undefined && <Icon of={icon} />}
      <span className="whitespace-nowrap">{children}</span>
      {act !== undefined && (
        <button type="button" className={ACT}>
          {act}
        </button>
      )}
    </span>
  );
}
