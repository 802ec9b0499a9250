import { useMemo } from 'react';
import { useClient, useText } from '../../client/index.ts';
import { Markdown as MarkdownText, type MarkdownWays } from '../../design/index.ts';

export interface MarkdownProps {
  /** May still be coming, and then only grow. */
  readonly text: string;
  /** Opens a place in a file that the text names. The same function for as long as it does the same. */
  readonly openPlace?: (path: string, line: number) => void;
  /** Whether an end of line is one on the page too, as in a note. */
  readonly breaks?: boolean;
  readonly className?: string;
}

/** Markdown in the words of the catalogue. Links open outside, through the platform. */
export function Markdown({ text: shown, openPlace, breaks = false, className }: MarkdownProps) {
  const text = useText();
  const { platform } = useClient();
  const ways = useMemo<MarkdownWays>(
    () => ({
      words: {
        copy: text('app.markdown.copy'),
        copied: text('app.markdown.copied'),
        code: (language) => text('app.markdown.code', { language: language ?? 'none' }),
        table: text('app.markdown.table'),
        done: text('app.markdown.done'),
        open: text('app.markdown.open'),
        openPlace: (place) => text('app.markdown.openPlace', { place }),
      },
      openOutside: platform.openExternal,
      openPlace,
      breaks,
    }),
    [text, platform, openPlace, breaks],
  );
  return <MarkdownText text={shown} ways={ways} className={className} />;
}
