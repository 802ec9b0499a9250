import { useEffect, useRef } from 'react';
import { editor } from './monaco.ts';
import { PLAIN_BRACKETS, wearTheme } from './monaco-theme.ts';

export interface DiffEditorProps {
  readonly before: string;
  readonly after: string;
  /** Monaco's id of the language of both. */
  readonly language: string;
  /** What it shows: "queue.js before and after". */
  readonly label: string;
}

const OPTIONS: editor.IStandaloneDiffEditorConstructionOptions = {
  readOnly: true,
  domReadOnly: true,
  originalEditable: false,
  automaticLayout: true,
  contextmenu: false,
  fontFamily: 'var(--font-code)',
  fontLigatures: false,
  fontSize: 12,
  lineHeight: 20,
  links: false,
  minimap: { enabled: false },
  occurrencesHighlight: 'off',
  renderSideBySide: true,
  renderMarginRevertIcon: false,
  renderGutterMenu: false,
  renderOverviewRuler: false,
  scrollBeyondLastLine: false,
  stickyScroll: { enabled: false },
  useInlineViewWhenSpaceIsLimited: true,
  renderSideBySideInlineBreakpoint: 560,
};

/** Two versions of a file side by side, read only. Loaded by itself: see `feature/change`. */
export default function DiffEditor({ before, after, language, label }: DiffEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const stop = wearTheme();
    const id = language === 'json' ? 'javascript' : language;
    const [original, modified] = [editor.createModel(before, id), editor.createModel(after, id)];
    for (const model of [original, modified]) model.updateOptions(PLAIN_BRACKETS);
    const diff = editor.createDiffEditor(place.current, {
      ...OPTIONS,
      originalAriaLabel: label,
      modifiedAriaLabel: label,
    });
    diff.setModel({ original, modified });
    const shown = diff.onDidUpdateDiff(() => {
      const [first] = diff.getLineChanges() ?? [];
      if (first !== undefined) diff.getModifiedEditor().revealLineInCenter(first.modifiedStartLineNumber);
      shown.dispose();
    });
    return () => {
      shown.dispose();
      diff.dispose();
      original.dispose();
      modified.dispose();
      stop();
    };
  }, [before, after, language, label]);
  return <div ref={place} dir="ltr" className="absolute inset-0" />;
}
