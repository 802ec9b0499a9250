import { Map as MapIcon, Maximize, Minus, Plus } from 'lucide-react';
import { Toolbar as RadixToolbar } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';
import { ariaKeys } from './key.tsx';
import { Tip } from './tip.tsx';

export interface ToolItem<Tool extends string> {
  readonly id: Tool;
  readonly icon: LucideIcon;
  readonly label: string;
  /** The letter in the corner. */
  readonly letter: string;
}

export interface ToolAction {
  readonly id: string;
  readonly icon: LucideIcon;
  readonly label: string;
  readonly keys?: readonly string[];
  readonly disabled?: boolean;
  readonly onAct: () => void;
}

export interface CanvasToolbarProps<Tool extends string> {
  readonly label: string;
  readonly tools: readonly ToolItem<Tool>[];
  readonly active: Tool;
  readonly onActiveChange: (tool: Tool) => void;
  /** Below the line: undo, redo. */
  readonly actions: readonly ToolAction[];
}

const BOX = 'relative inline-flex size-8 items-center justify-center rounded-control transition-colors';
const IDLE = 'text-ink-2 hover:bg-hover hover:text-ink disabled:text-ink-off disabled:hover:bg-transparent';

/** The tools of the board, upright and floating; the active one is ink. Arrow keys move along them. */
export function CanvasToolbar<Tool extends string>(props: CanvasToolbarProps<Tool>) {
  const { label, tools, active, onActiveChange, actions } = props;
  return (
    <RadixToolbar.Root
      orientation="vertical"
      aria-label={label}
      className="inline-flex flex-col gap-0.5 rounded-panel border border-line bg-raised p-1 shadow-2"
    >
      {tools.map((tool) => (
        <Tip key={tool.id} text={tool.label} keys={[tool.letter]} side="right">
          <RadixToolbar.Button
            aria-label={tool.label}
            aria-pressed={tool.id === active}
            aria-keyshortcuts={ariaKeys([tool.letter])}
            onClick={() => onActiveChange(tool.id)}
            className={cx(BOX, tool.id === active ? 'bg-ink text-app' : IDLE)}
          >
            <Icon of={tool.icon} />
            <small
              aria-hidden="true"
              className={cx(
                'absolute end-0.5 bottom-px text-[9px] leading-2.5 font-medium',
                tool.id === active ? 'text-current opacity-85' : 'text-ink-3',
              )}
            >
              {tool.letter}
            </small>
          </RadixToolbar.Button>
        </Tip>
      ))}
      {actions.length > 0 && <RadixToolbar.Separator className="mx-1 my-[3px] h-px bg-line" />}
      {actions.map((action) => (
        <Tip key={action.id} text={action.label} keys={action.keys} side="right">
          <RadixToolbar.Button
            aria-label={action.label}
            aria-keyshortcuts={ariaKeys(action.keys)}
            disabled={action.disabled}
            onClick={action.onAct}
            className={cx(BOX, IDLE)}
          >
            <Icon of={action.icon} />
          </RadixToolbar.Button>
        </Tip>
      ))}
    </RadixToolbar.Root>
  );
}

export interface ZoomControlsProps {
  readonly label: string;
  /** The zoom as it is shown: "100 %". */
  readonly children: ReactNode;
  readonly labels: {
    readonly out: string;
    readonly in: string;
    readonly reset: string;
    readonly fit: string;
    readonly map: string;
  };
  readonly keys?: {
    readonly out?: readonly string[];
    readonly in?: readonly string[];
    readonly reset?: readonly string[];
    readonly fit?: readonly string[];
    readonly map?: readonly string[];
  };
  readonly onZoom: (direction: 'out' | 'in' | 'reset' | 'fit') => void;
  readonly mapShown: boolean;
  readonly onMapShownChange: (shown: boolean) => void;
}

/** Zoom, fit and map, floating at the bottom of the board. Never mirrored, like the board. */
export function ZoomControls(props: ZoomControlsProps) {
  const { label, children, labels, keys = {}, onZoom, mapShown, onMapShownChange } = props;
  const small = cx('inline-flex size-6 items-center justify-center rounded-control transition-colors', IDLE);
  const button = (id: 'out' | 'in' | 'fit', icon: LucideIcon) => (
    <Tip text={labels[id]} keys={keys[id]} side="top">
      <RadixToolbar.Button
        aria-label={labels[id]}
        aria-keyshortcuts={ariaKeys(keys[id])}
        onClick={() => onZoom(id)}
        className={small}
      >
        <Icon of={icon} />
      </RadixToolbar.Button>
    </Tip>
  );
  return (
    <RadixToolbar.Root
      dir="ltr"
      aria-label={label}
      className="inline-flex min-h-8 items-center rounded-card border border-line bg-raised px-0.5 text-small shadow-2"
    >
      {button('out', Minus)}
      <Tip text={labels.reset} keys={keys.reset} side="top">
        <RadixToolbar.Button
          aria-keyshortcuts={ariaKeys(keys.reset)}
          onClick={() => onZoom('reset')}
          className="min-h-6 min-w-[46px] rounded-control text-center font-medium hover:bg-hover"
        >
          {children}
        </RadixToolbar.Button>
      </Tip>
      {button('in', Plus)}
      <RadixToolbar.Separator className="mx-[3px] h-4 w-px bg-line-2" />
      {button('fit', Maximize)}
      <Tip text={labels.map} keys={keys.map} side="top">
        <RadixToolbar.Button
          aria-label={labels.map}
          aria-keyshortcuts={ariaKeys(keys.map)}
          aria-pressed={mapShown}
          onClick={() => onMapShownChange(!mapShown)}
          className={cx(small, mapShown && 'bg-active')}
        >
          <Icon of={MapIcon} />
        </RadixToolbar.Button>
      </Tip>
    </RadixToolbar.Root>
  );
}
