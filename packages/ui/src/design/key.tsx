import { cx } from './cx.ts';

const ARIA_NAMES: Readonly<Record<string, string>> = {
  Ctrl: 'Control',
  Esc: 'Escape',
  '⌘': 'Meta',
  '⌥': 'Alt',
  '⇧': 'Shift',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
};

/** The keys of one command as `aria-keyshortcuts` wants them: `['Ctrl', 'K']` gives `Control+K`. */
export function ariaKeys(keys: readonly string[] | undefined): string | undefined {
  if (keys === undefined || keys.length === 0) return undefined;
  return keys.map((key) => ARIA_NAMES[key] ?? key).join('+');
}

export interface KeysProps {
  /** What stands on the caps, in the order of pressing. */
  readonly keys: readonly string[];
  /** On a filled button the caps take the button's colours. */
  readonly filled?: boolean;
}

/** Key caps beside the action they start. */
export function Keys({ keys, filled = false }: KeysProps) {
  return (
    <span dir="ltr" className="inline-flex flex-none gap-[3px]">
      {keys.map((key) => (
        <kbd
          key={key}
          className={cx(
            'inline-flex min-h-[19px] min-w-5 flex-none items-center justify-center rounded-mark border px-[5px]',
            'font-ui text-meta font-medium',
            filled
              ? 'border-transparent bg-key-on-accent text-current'
              : 'border-b-2 border-line-2 bg-card text-ink-2',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
