import type { LeftInFile } from '@soma/schemas/event';
import { useText } from '../../client/index.ts';

/** Lines of a file that look like what is changed and stay as they are, each with its number and why. */
export function LeftLines({ left: { total, lines } }: { readonly left: LeftInFile }) {
  const text = useText();
  const title = text('app.change.left.title', { count: total });
  const more = total - lines.length;
  return (
    <section aria-label={title} className="border-t border-line px-3 py-2 text-small text-ink-2">
      <p className="font-medium">{title}</p>
      <ul className="m-0 mt-1 flex list-none flex-col gap-0.5 p-0">
        {lines.map(({ line, quote, why }) => (
          <li key={line} className="flex min-w-0 items-baseline gap-2">
            <span className="flex-none text-ink-3 tabular-nums">
              {text('app.change.left.line', { line })}
            </span>
            <span dir="ltr" className="mono cut min-w-0 flex-1" title={quote}>
              {quote.trim()}
            </span>
            <span className="flex-none text-ink-3">{text(`app.change.left.${why}`)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="mt-0.5 text-ink-3">{text('app.change.left.more', { count: more })}</p>}
    </section>
  );
}
