import { FileCode2, X } from 'lucide-react';
import { type KeyboardEvent, lazy, Suspense, useRef } from 'react';
import { type CodePlace, useFile, useFormats, useText, useView, useViewStore } from '../../client/index.ts';
import { cx, Icon, IconButton, PathText } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';

/** The editor is large: it is fetched when a file is opened for the first time, never for the first paint. */
const CodeEditor = lazy(() => import('./code-editor.tsx'));

/** The file that was asked for, at its line, read only. Nothing while none is. */
export function CodePanel({ className }: { readonly className?: string }) {
  const place = useView(({ code }) => code);
  return place === null ? null : <OpenFile place={place} className={className} />;
}

function OpenFile({ place, className }: { readonly place: CodePlace; readonly className?: string }) {
  const text = useText();
  const formats = useFormats();
  const { closeCode } = useViewStore();
  const panel = useRef<HTMLElement>(null);
  const { value: file, fault } = useFile(place.folder, place.path);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Escape belongs to the editor's own search first, then to the panel, and never to the run behind it.
    event.stopPropagation();
    if (panel.current?.querySelector('.find-widget.visible') === null) closeCode();
  };
  return (
    <section
      ref={panel}
      aria-label={text('app.code.title', { path: place.path })}
      onKeyDown={onKeyDown}
      className={cx('flex min-h-0 min-w-0 flex-col bg-card', className)}
    >
      <header className="flex min-h-11 flex-none items-center gap-2 border-b border-line ps-3.5 pe-2">
        <Icon of={FileCode2} size={14} className="text-ink-3" />
        <PathText path={place.path} className="font-medium" />
        <span className="cut flex-1 text-meta text-ink-3">
          {file !== null && text('app.code.lines', { count: file.lines, shown: formats.count(file.lines) })}
        </span>
        <IconButton small icon={X} label={text('app.code.close')} keys={['Esc']} onClick={closeCode} />
      </header>
      {file?.truncated === true && (
        <p className="flex-none border-b border-line px-3.5 py-1.5 text-small text-ink-2">
          {text('app.code.truncated')}
        </p>
      )}
      {file?.encoding !== undefined && (
        <p className="flex-none border-b border-line px-3.5 py-1.5 text-small text-ink-2">
          {text(`app.code.encoding.${file.encoding}`)}
        </p>
      )}
      {fault !== null && (
        <div className="flex-none">
          <FaultCard fault={fault} folder={place.folder} />
        </div>
      )}
      {fault === null && (
        <div className="relative min-h-0 flex-1">
          <Suspense fallback={<p className="p-3.5 text-small text-ink-3">{text('app.code.reading')}</p>}>
            {file !== null && (
              <CodeEditor
                key={`${place.folder}/${file.path}`}
                file={file}
                line={place.line}
                label={text('app.code.editor', { path: place.path })}
              />
            )}
          </Suspense>
        </div>
      )}
    </section>
  );
}
