import { memo, useState } from 'react';
import { cx } from '../cx.ts';
import { elementsOf } from './elements.tsx';
import { type Block, markdownStream } from './stream.ts';
import type { MarkdownWays } from './ways.ts';

export type { MarkdownWays } from './ways.ts';

export interface MarkdownProps {
  /** The text so far. Where it only grows at its end, what cannot change any more is neither parsed nor drawn again. */
  readonly text: string;
  readonly ways: MarkdownWays;
  readonly className?: string;
}

/**
 * A text in Markdown, which may still be coming: headings, lists and tasks, emphasis, code, tables, quotes, links and places in files.
 * The text is nobody's markup: raw HTML is shown as it is written, images are not fetched, links lead outside by http(s) only.
 */
export function Markdown({ text, ways, className }: MarkdownProps) {
  const [stream] = useState(markdownStream);
  const groups = stream.read(text);
  return (
    <div className={cx('min-w-0 wrap-anywhere [&>:first-child>:first-child]:mt-0', className)}>
      {groups.map((blocks, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group of blocks is known by its place.
        <Group key={index} blocks={blocks} ways={ways} last={index === groups.length - 1} />
      ))}
    </div>
  );
}

/** What nobody sees of a long text is neither laid out nor painted; its focus rings stay whole. */
const OUT_OF_SIGHT = '[contain-intrinsic-size:auto_600px] [content-visibility:auto]';

const Group = memo(function Group({ blocks, ways, last }: GroupProps) {
  return (
    <div className={cx('-mx-1 flow-root px-1', !last && OUT_OF_SIGHT)}>
      {blocks.map((block) => (
        <BlockView key={block.place} block={block} ways={ways} />
      ))}
    </div>
  );
});

interface GroupProps {
  readonly blocks: readonly Block[];
  readonly ways: MarkdownWays;
  /** The last one may still grow, and stands as it is. */
  readonly last: boolean;
}

const BlockView = memo(function BlockView({ block, ways }: BlockViewProps) {
  return elementsOf(block.tokens, ways);
});

interface BlockViewProps {
  readonly block: Block;
  readonly ways: MarkdownWays;
}
