import {
  ArrowLeft,
  ArrowRight,
  ChevronLeft,
  ChevronRight,
  ExternalLink,
  type LucideIcon,
  PanelLeft,
  PanelRight,
  Redo2,
  Undo2,
} from 'lucide-react';
import { cx } from './cx.ts';

export type { LucideIcon } from 'lucide-react';

const DIRECTED: ReadonlySet<LucideIcon> = new Set([
  ArrowLeft,
  ArrowRight,
  ChevronLeft,
  ChevronRight,
  ExternalLink,
  PanelLeft,
  PanelRight,
  Redo2,
  Undo2,
]);

export interface IconProps {
  readonly of: LucideIcon;
  /** Pixels: 12 in chips, 14 in rows of text, 16 as a rule, 18 in titles, 20 in absences. */
  readonly size?: 11 | 12 | 13 | 14 | 15 | 16 | 18 | 20;
  /** The accessible name. Without one the icon is decoration beside its word. */
  readonly label?: string;
  readonly className?: string;
}

/** A lucide icon in the colour of its text. One with a direction is mirrored in right-to-left languages. */
export function Icon({ of: Drawing, size = 16, label, className }: IconProps) {
  const name = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <Drawing
      size={size}
      {...name}
      className={cx('inline-block flex-none', DIRECTED.has(Drawing) && 'rtl:-scale-x-100', className)}
    />
  );
}
