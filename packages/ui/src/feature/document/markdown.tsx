import MarkdownIt from 'markdown-it';
import { useMemo } from 'react';
import { useClient } from '../../client/index.ts';

// Raw HTML stays text: a note may come from anybody, and from an agent.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });

/** Only these leave the app, and only after the platform has asked. */
const OUTSIDE = /^(https?|mailto):/i;

/** The text of a note, formatted. Images are not fetched: they stay as their words. */
markdown.disable('image');

/** Renders Markdown without raw HTML. Links open outside, through the platform. */
export function Markdown({ text }: { readonly text: string }) {
  const { platform } = useClient();
  const html = useMemo(() => ({ __html: markdown.render(text) }), [text]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are the controls; this hears them all.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link inside is a click.
    <div
      className="markdown"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: markdown-it with html off escapes everything it did not make.
      dangerouslySetInnerHTML={html}
      onClick={(event) => {
        const link = event.target instanceof Element ? event.target.closest('a') : null;
        if (link === null) return;
        event.preventDefault();
        if (OUTSIDE.test(link.getAttribute('href') ?? '')) platform.openExternal(link.href);
      }}
    />
  );
}
