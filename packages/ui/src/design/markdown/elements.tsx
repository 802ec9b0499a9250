import { Square, SquareCheck } from 'lucide-react';
import type { Token } from 'markdown-it';
import { Fragment, type ReactNode } from 'react';
import { cx } from '../cx.ts';
import { Icon } from '../icon.tsx';
import { CodeBlock } from './code-block.tsx';
import { type Piece, type Place, piecesOf, placeOfCode, placeOfLink } from './place.ts';
import type { MarkdownWays } from './ways.ts';

/** A token with what stands inside it. */
interface Node {
  readonly token: Token;
  readonly inside: readonly Node[];
}

function treeOf(tokens: readonly Token[]): readonly Node[] {
  const root: Node[] = [];
  const above: Node[][] = [root];
  for (const token of tokens) {
    if (token.nesting < 0) {
      above.pop();
      continue;
    }
    const inside: Node[] = [];
    const node = { token, inside: token.children === null ? inside : treeOf(token.children) };
    above.at(-1)?.push(node);
    if (token.nesting > 0) above.push(inside);
  }
  return root;
}

/** Where an element stands, for what cannot stand inside itself. */
interface Around {
  readonly ways: MarkdownWays;
  readonly link: boolean;
}

/** The elements of a block. Nothing of the text becomes markup: every word of it is a text node. */
export function elementsOf(tokens: readonly Token[], ways: MarkdownWays): ReactNode {
  return all(treeOf(tokens), { ways, link: false });
}

function all(nodes: readonly Node[], around: Around): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: what stands in a text is known by its place.
  return nodes.map((node, index) => <Fragment key={index}>{element(node, around)}</Fragment>);
}

const HEADS = {
  h1: 'mt-4 text-title',
  h2: 'mt-3.5 text-reading font-semibold',
  h3: 'mt-3 font-semibold',
  h4: 'mt-2.5 font-semibold text-ink-2',
} as const;
const headOf = (tag: string) => (tag === 'h1' || tag === 'h2' || tag === 'h3' ? HEADS[tag] : HEADS.h4);
const LIST = 'mt-2 ps-5 [&>li]:mt-1';

function element({ token, inside }: Node, around: Around): ReactNode {
  switch (token.type) {
    case 'reference_definition':
      return null;
    case 'paragraph_open':
      return token.hidden ? (
        all(inside, around)
      ) : (
        <p dir="auto" className="mt-2">
          {all(inside, around)}
        </p>
      );
    case 'heading_open': {
      // The page has headings of its own above those of a text.
      const Head = token.tag === 'h1' ? 'h3' : token.tag === 'h2' ? 'h4' : token.tag === 'h3' ? 'h5' : 'h6';
      return (
        <Head dir="auto" className={headOf(token.tag)}>
          {all(inside, around)}
        </Head>
      );
    }
    case 'bullet_list_open':
      return <ul className={cx(LIST, 'list-disc')}>{all(inside, around)}</ul>;
    case 'ordered_list_open':
      return (
        <ol start={Number(token.attrGet('start') ?? 1)} className={cx(LIST, 'list-decimal')}>
          {all(inside, around)}
        </ol>
      );
    case 'list_item_open':
      return item({ token, inside }, around);
    case 'blockquote_open':
      return (
        <blockquote className="mt-2 border-s-2 border-line-2 ps-3 text-ink-2 [&>:first-child]:mt-0">
          {all(inside, around)}
        </blockquote>
      );
    case 'fence':
    case 'code_block':
      return <CodeBlock text={token.content} language={languageOf(token)} words={around.ways.words} />;
    case 'hr':
      return <hr className="mt-3 mb-1 border-line" />;
    case 'table_open':
      return (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and a text with many tables should not fill a page with regions.
        <div
          role="group"
          aria-label={around.ways.words.table}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          className="mt-2 max-w-full overflow-x-auto rounded-control border border-line -outline-offset-2"
        >
          <table className="min-w-full border-collapse">{all(inside, around)}</table>
        </div>
      );
    default:
      return cell({ token, inside }, around);
  }
}

function languageOf({ type, info }: Token): string | null {
  return type === 'fence' ? (/^\s*([^\s{]+)/.exec(info)?.[1] ?? null) : null;
}

/** An item of a list; a task is done or not. */
function item({ token, inside }: Node, around: Around): ReactNode {
  const isDone = token.meta?.done;
  if (typeof isDone !== 'boolean') {
    return (
      <li dir="auto" className="ps-0.5">
        {all(inside, around)}
      </li>
    );
  }
  const { done, open } = around.ways.words;
  return (
    <li dir="auto" className="relative list-none ps-0.5">
      <Icon
        of={isDone ? SquareCheck : Square}
        size={14}
        label={isDone ? done : open}
        className="absolute -start-4.5 top-[3px] text-ink-2"
      />
      {all(inside, around)}
    </li>
  );
}

const SIDES: Readonly<Record<string, string>> = { right: 'text-end', center: 'text-center' };

function cell({ token, inside }: Node, around: Around): ReactNode {
  const side = SIDES[String(token.attrGet('style') ?? '').replace('text-align:', '')] ?? 'text-start';
  switch (token.type) {
    case 'thead_open':
      return <thead>{all(inside, around)}</thead>;
    case 'tbody_open':
      return <tbody>{all(inside, around)}</tbody>;
    case 'tr_open':
      return (
        <tr className="border-t border-line first:border-t-0 [tbody>&]:border-t!">{all(inside, around)}</tr>
      );
    case 'th_open':
      return (
        <th dir="auto" className={cx('bg-sunken px-2.5 py-1 font-medium whitespace-nowrap', side)}>
          {all(inside, around)}
        </th>
      );
    case 'td_open':
      return (
        <td dir="auto" className={cx('px-2.5 py-1 align-top tabular-nums', side)}>
          {all(inside, around)}
        </td>
      );
    default:
      return phrase({ token, inside }, around);
  }
}

function phrase({ token, inside }: Node, around: Around): ReactNode {
  switch (token.type) {
    case 'text':
      return around.link || around.ways.openPlace === undefined
        ? token.content
        : piecesOf(token.content).map((piece, index) => worded(piece, index, around.ways));
    case 'strong_open':
      return <strong>{all(inside, around)}</strong>;
    case 'em_open':
      return <em>{all(inside, around)}</em>;
    case 's_open':
      return <s>{all(inside, around)}</s>;
    case 'code_inline':
      return code(token.content, around);
    case 'softbreak':
      return around.ways.breaks === true ? <br /> : '\n';
    case 'hardbreak':
      return <br />;
    case 'link_open':
      return link(String(token.attrGet('href') ?? ''), all(inside, { ...around, link: true }), around);
    case 'image':
      // Never fetched: an address in a text would tell its owner that it was read.
      return link(String(token.attrGet('src') ?? ''), token.content, around);
    default:
      return inside.length > 0 ? all(inside, around) : token.content;
  }
}

function worded(piece: Piece, index: number, ways: MarkdownWays): ReactNode {
  if (typeof piece === 'string') return piece;
  return (
    <PlaceButton key={index} place={piece} ways={ways} words={piece.words}>
      {piece.words}
    </PlaceButton>
  );
}

function code(content: string, { ways, link: inLink }: Around): ReactNode {
  const shown = <code className="rounded-mark bg-sunken px-1 py-px wrap-anywhere">{content}</code>;
  const place = inLink || ways.openPlace === undefined ? null : placeOfCode(content);
  if (place === null) return shown;
  return (
    <PlaceButton place={place} ways={ways} words={content}>
      {shown}
    </PlaceButton>
  );
}

function link(address: string, content: ReactNode, { ways, link: inLink }: Around): ReactNode {
  const place = placeOfLink(address);
  if (inLink || (place !== null && ways.openPlace === undefined)) return content;
  if (place !== null) {
    return (
      <PlaceButton place={place} ways={ways} words={`${place.path}:${place.line}`} named={false}>
        {content}
      </PlaceButton>
    );
  }
  return (
    <a
      href={address}
      // What a link says and where it leads are two things.
      title={address}
      rel="noopener noreferrer"
      onClick={(event) => {
        event.preventDefault();
        ways.openOutside(address);
      }}
      onAuxClick={(event) => event.preventDefault()}
      className="text-accent-text underline underline-offset-2 wrap-anywhere"
    >
      {content}
    </a>
  );
}

interface PlaceButtonProps {
  readonly place: Place;
  readonly ways: MarkdownWays;
  /** The place as it is named. */
  readonly words: string;
  /** Whether the place is what the button shows; otherwise its own words are its name. */
  readonly named?: boolean;
  readonly children: ReactNode;
}

function PlaceButton({ place, ways, words, named = true, children }: PlaceButtonProps) {
  const label = ways.words.openPlace(words);
  return (
    <button
      type="button"
      aria-label={named ? label : undefined}
      title={label}
      onClick={() => ways.openPlace?.(place.path, place.line)}
      className={cx(
        'rounded-mark text-start font-medium text-accent-text wrap-anywhere hover:underline hover:underline-offset-2',
        named && 'mono text-[0.92em]',
      )}
    >
      {children}
    </button>
  );
}
