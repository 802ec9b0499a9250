import { cx } from './cx.ts';

export interface PathTextProps {
  /** The whole path. It is its own tip and its accessible name when it is cut. */
  readonly path: string;
  readonly className?: string;
}

/** A path that gives up its middle first: folders are cut, the file's name stays. Copied whole. */
export function PathText({ path, className }: PathTextProps) {
  const slash = path.lastIndexOf('/', path.length - 2);
  const head = slash > 0 ? path.slice(0, slash) : '';
  return (
    <span dir="ltr" title={path} className={cx('mono inline-flex max-w-full min-w-0', className)}>
      {head !== '' && <span className="cut min-w-[2ch]! flex-[0_1000_auto]">{head}</span>}
      <span className="cut flex-[0_1_auto]">{path.slice(head.length)}</span>
    </span>
  );
}
