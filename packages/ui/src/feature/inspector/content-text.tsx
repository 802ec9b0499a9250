import type { Content } from '@soma/schemas/event';
import { Copy } from 'lucide-react';
import { useContent, useText } from '../../client/index.ts';
import { IconButton } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';

/** Longest text shown whole, in characters; more is a matter for a file. */
const SHOWN = 40_000;

/** JSON on lines of its own, short arrays and objects on one; any other text as it is. */
export function pretty(text: string): string {
  if (text.length > 4 * SHOWN) return text;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value, null, 2).replace(
      /[[{]\s+([^[\]{}]{0,60}?)\s+[\]}]/g,
      (whole: string, inner: string) => {
        const line = inner.replace(/\s*\n\s*/g, ' ');
        return whole.startsWith('[') ? `[${line}]` : `{ ${line} }`;
      },
    );
  } catch {
    return text;
  }
}

export interface ContentTextProps {
  readonly content: Content;
  /** What it is: "Arguments". */
  readonly label: string;
}

/** A stored text, such as a call's arguments or result. What was erased or is long says so. */
export function ContentText({ content, label }: ContentTextProps) {
  const text = useText();
  const { value, fault } = useContent(content);
  if (fault !== null) return <FaultLine fault={fault} />;
  if (value === null) return <p className="text-small text-ink-3">{text('app.inspector.loading')}</p>;
  if (value === '{}')
    return <p className="px-3 py-2 text-small text-ink-3">{text('app.inspector.noArguments')}</p>;
  return <CodeText text={pretty(value)} label={label} copied={value} />;
}

export interface CodeTextProps {
  readonly text: string;
  readonly label: string;
  /** What the copy button takes, when it is not what is shown. */
  readonly copied?: string;
}

/** Text to read and copy, at most as high as a third of the window. */
export function CodeText({ text: shown, label, copied }: CodeTextProps) {
  const text = useText();
  const cut = shown.length > SHOWN;
  return (
    <figure className="group/code relative min-w-0">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        className="max-h-[33vh] overflow-auto -outline-offset-2"
      >
        <pre className="px-3 py-2 break-words whitespace-pre-wrap">{cut ? shown.slice(0, SHOWN) : shown}</pre>
      </section>
      <IconButton
        small
        icon={Copy}
        label={text('app.inspector.copy', { what: label })}
        onClick={() => void navigator.clipboard.writeText(copied ?? shown)}
        className="absolute! end-1 top-1 bg-card opacity-0 group-hover/code:opacity-100 focus-visible:opacity-100"
      />
      {cut && (
        <figcaption className="px-3 pb-2 text-meta text-ink-3">
          {text('app.inspector.cut', { count: SHOWN })}
        </figcaption>
      )}
    </figure>
  );
}
