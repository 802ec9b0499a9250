import type { FileChange, LeftInFile } from '@soma/schemas/event';
import { ChevronRight, ExternalLink, FileCode2, FileMinus2, FilePlus2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { useContent, useFile, useFormats, useText } from '../../client/index.ts';
import { cx, Dialog, Icon, IconButton, PathText, Segmented } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { type DifferenceRow, differenceOf } from './difference.ts';
import { DifferenceView } from './difference-view.tsx';
import { LeftLines } from './left-lines.tsx';

/** The editor is large: it is fetched when two versions are looked at side by side for the first time. */
const DiffEditor = lazy(() => import('../code/diff-editor.tsx'));

/** What becomes of one file. Without sums they are counted once it is opened. */
export type ShownChange = Pick<FileChange, 'path' | 'kind' | 'before' | 'after'> &
  Partial<Pick<FileChange, 'added' | 'removed'>>;

export interface FileDifferenceProps {
  readonly change: ShownChange;
  /** Lines of this file that look alike and stay as they are. */
  readonly left?: LeftInFile | undefined;
  readonly folder: string;
  readonly open: boolean;
  readonly onToggle: () => void;
  /** Without a button to close it: the only file there is. */
  readonly alone?: boolean;
  /** At the end of the head: what can be done with this file. */
  readonly end?: ReactNode;
  /** Without the choice of Split, where there is no room for it. */
  readonly narrow?: boolean;
  readonly className?: string;
}

/** Files whose lines at the margin are sentences. */
const PROSE = /\.(md|mdx|txt|rst|adoc|html?|csv|tsv)$|(^|\/)[^./]+$/i;

const ICONS = { created: FilePlus2, changed: FileCode2, deleted: FileMinus2 } as const;

/** One file of a change: its path and sums; opened, its lines before and after. */
export function FileDifference(props: FileDifferenceProps) {
  const { change, left, folder, open, onToggle, alone = false, end, narrow = false, className } = props;
  const text = useText();
  const [look, setLook] = useState<'unified' | 'split'>('unified');
  const [whole, setWhole] = useState(false);
  const versions = useVersions(change, open);
  const { path } = change;
  return (
    <section
      aria-label={text('app.change.file', { path })}
      className={cx('min-w-0 overflow-hidden rounded-card border border-line bg-card', className)}
    >
      <header className="flex min-h-9.5 min-w-0 items-center gap-2 ps-3 pe-2">
        <Name change={change} rows={versions.rows} open={open} {...(!alone && { onToggle })} />
        <span className="cut min-w-0 flex-1 text-meta text-ink-3">
          {!narrow && versions.rows !== null && <Kind change={change} lines={versions.lines} />}
        </span>
        {open && !narrow && (
          <Segmented
            label={text('app.change.look')}
            value={look}
            onValueChange={setLook}
            items={(['unified', 'split'] as const).map((id) => ({ id, label: text(`app.change.${id}`) }))}
          />
        )}
        {open && (
          <IconButton
            small
            icon={ExternalLink}
            label={text('app.change.openWhole', { path })}
            onClick={() => setWhole(true)}
          />
        )}
        {end}
      </header>
      {open && (
        <div className="border-t border-line">
          <Body change={change} folder={folder} versions={versions} look={look} />
          {left !== undefined && <LeftLines left={left} />}
        </div>
      )}
      {whole && (
        <Dialog
          wide="whole"
          open
          onOpenChange={setWhole}
          title={path}
          note={text('app.change.sides')}
          close={text('app.change.close')}
        >
          <div className="relative h-full">
            <SideBySide change={change} folder={folder} versions={versions} />
          </div>
        </Dialog>
      )}
    </section>
  );
}

interface NameProps extends SumsProps {
  readonly open: boolean;
  /** None for the only file there is. */
  readonly onToggle?: () => void;
}

/** The file's path and sums, which open and close it. */
function Name({ change, rows, open, onToggle }: NameProps) {
  const name = (
    <>
      <Icon of={ICONS[change.kind]} size={14} className="text-ink-3" />
      <PathText path={change.path} className="font-medium text-ink" />
      <Sums change={change} rows={rows} />
    </>
  );
  if (onToggle === undefined) return <span className="flex min-w-0 items-center gap-2">{name}</span>;
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className="flex min-h-7 min-w-0 items-center gap-2 rounded-mark text-start"
    >
      <Icon
        of={ChevronRight}
        size={14}
        className={cx('text-ink-3 transition-transform', open && 'rotate-90')}
      />
      {name}
    </button>
  );
}

interface Versions {
  readonly before: string;
  readonly after: string;
  readonly ready: boolean;
  readonly fault: ReturnType<typeof useContent>['fault'];
  readonly rows: readonly DifferenceRow[] | null;
  readonly lines: number;
}

/** Both texts, asked for once they are to be seen. */
function useVersions({ before, after }: ShownChange, wanted: boolean): Versions {
  const [one, other] = [useContent(wanted ? before : null), useContent(wanted ? after : null)];
  const ready = wanted && (before === null || one.value !== null) && (after === null || other.value !== null);
  const [old, fresh] = [one.value ?? '', other.value ?? ''];
  const rows = useMemo(() => (ready ? differenceOf(old, fresh) : null), [ready, old, fresh]);
  const lines = useMemo(() => (fresh === '' ? old : fresh).split('\n').length, [old, fresh]);
  return { before: old, after: fresh, ready, fault: one.fault ?? other.fault, rows, lines };
}

interface SumsProps {
  readonly change: ShownChange;
  readonly rows: readonly DifferenceRow[] | null;
}

/** Lines added and removed, with their signs. */
function Sums({ change, rows }: SumsProps) {
  const { count } = useFormats();
  const counted = (kind: 'added' | 'removed') =>
    change[kind] ?? rows?.filter((row) => row.kind === kind).length ?? null;
  const [added, removed] = [counted('added'), counted('removed')];
  if (added === null || removed === null) return null;
  return (
    <span dir="ltr" className="mono flex-none text-small tabular-nums">
      <span className="text-verified-fg">+{count(added)}</span>{' '}
      <span className="text-failed-fg">
        {'\u2212'}
        {count(removed)}
      </span>
    </span>
  );
}

function Kind({ change, lines }: { readonly change: ShownChange; readonly lines: number }) {
  const text = useText();
  const formats = useFormats();
  return text(`app.change.kind.${change.kind}`, { count: lines, shown: formats.count(lines) });
}

interface BodyProps {
  readonly change: ShownChange;
  readonly folder: string;
  readonly versions: Versions;
}

function Body({ look, ...props }: BodyProps & { readonly look: 'unified' | 'split' }) {
  const text = useText();
  const { rows, fault } = props.versions;
  const note = 'px-3 py-2 text-small text-ink-3';
  if (fault !== null) return <FaultLine fault={fault} />;
  if (rows === null) return <p className={note}>{text('app.change.reading')}</p>;
  if (rows.length === 0) return <p className={note}>{text('app.change.same')}</p>;
  const label = text('app.change.difference', { path: props.change.path });
  if (look === 'unified')
    return (
      <DifferenceView
        rows={rows}
        label={label}
        named={!PROSE.test(props.change.path)}
        className="max-h-[min(40vh,20rem)]"
      />
    );
  return (
    <div className="relative h-[min(40vh,20rem)]">
      <SideBySide {...props} />
    </div>
  );
}

function SideBySide({ change, folder, versions }: BodyProps) {
  const text = useText();
  const file = useFile(folder, change.path);
  // The editor waits for the language, which only the host tells; a file that is not there has none.
  if (!versions.ready || (file.value === null && file.fault === null))
    return <p className="p-3 text-small text-ink-3">{text('app.change.reading')}</p>;
  return (
    <Suspense fallback={<p className="p-3 text-small text-ink-3">{text('app.change.reading')}</p>}>
      <DiffEditor
        before={versions.before}
        after={versions.after}
        language={file.value?.language ?? 'plaintext'}
        label={text('app.change.difference', { path: change.path })}
      />
    </Suspense>
  );
}
