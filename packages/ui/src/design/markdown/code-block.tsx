import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '../button.tsx';
import type { MarkdownWords } from './ways.ts';

/** How long a copy is told, in milliseconds. */
const TOLD_MS = 2000;

export interface CodeBlockProps {
  readonly text: string;
  /** As the text names it; null where it names none. */
  readonly language: string | null;
  readonly words: MarkdownWords;
}

/** Code as it is, with the language it is said to be in and a button that copies it. It scrolls in itself. */
export function CodeBlock({ text, language, words }: CodeBlockProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), TOLD_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <figure className="mt-2 min-w-0 overflow-hidden rounded-control border border-line bg-sunken">
      <figcaption className="flex min-h-7 items-center gap-2 border-b border-line ps-2.5 pe-1 text-meta text-ink-3">
        <span className="mono cut flex-1">{language}</span>
        <IconButton
          small
          icon={copied ? Check : Copy}
          label={copied ? words.copied : words.copy}
          onClick={() =>
            void navigator.clipboard.writeText(text).then(
              () => setCopied(true),
              () => undefined,
            )
          }
        />
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and a text with much code should not fill a page with regions. */}
      <div
        role="group"
        aria-label={words.code(language)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        className="overflow-x-auto -outline-offset-2"
      >
        <pre className="w-max min-w-full px-2.5 py-2">
          <code>{text.replace(/\n$/, '')}</code>
        </pre>
      </div>
    </figure>
  );
}
