import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { PANEL_BOUNDS, type PanelName, useText, useView, useViewStore } from '../../client/index.ts';
import { cx } from '../../design/index.ts';

/** Which way each panel grows when its edge is dragged to the right or down. */
const GROWS: Readonly<Record<PanelName, 1 | -1>> = { sidebar: 1, inspector: -1, drawer: -1 };
const KEY_STEP = 16;

export interface ResizerProps {
  readonly panel: PanelName;
  /** Largest size now, when the window allows less than the panel's own bound. */
  readonly most?: number;
}

/** The edge of a panel: drag it, or move it with the arrow keys. The size is remembered. */
export function Resizer({ panel, most = PANEL_BOUNDS[panel].max }: ResizerProps) {
  const text = useText();
  const { resizePanel } = useViewStore();
  const size = useView((view) => view.sizes[panel]);
  const from = useRef<{ readonly at: number; readonly size: number } | null>(null);
  const upright = panel !== 'drawer';
  const direction = () => (upright && document.documentElement.dir === 'rtl' ? -GROWS[panel] : GROWS[panel]);
  const at = (event: PointerEvent) => (upright ? event.clientX : event.clientY);
  const resize = (to: number) => resizePanel(panel, Math.min(most, to));
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = upright
      ? { ArrowLeft: -1, ArrowRight: 1 }
      : { ArrowUp: -1, ArrowDown: 1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    resize(size + step * KEY_STEP * direction());
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule takes no focus and has no value; this separator has both.
    <div
      role="separator"
      aria-label={text(`app.shell.resize.${panel}`)}
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={PANEL_BOUNDS[panel].min}
      aria-valuemax={Math.round(most)}
      tabIndex={0}
      className={cx(
        'absolute z-6 touch-none transition-colors hover:bg-accent-line focus-visible:bg-accent',
        panel === 'sidebar' && '-end-[3px] inset-y-0 w-1.5 cursor-col-resize',
        panel === 'inspector' && '-start-[3px] inset-y-0 w-1.5 cursor-col-resize',
        panel === 'drawer' && 'inset-x-0 -top-[3px] h-1.5 cursor-row-resize',
      )}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { at: at(event), size };
      }}
      onPointerMove={(event) => {
        if (from.current !== null) resize(from.current.size + (at(event) - from.current.at) * direction());
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onPointerCancel={() => {
        from.current = null;
      }}
      onKeyDown={onKeyDown}
    />
  );
}
