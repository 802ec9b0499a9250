import type { FileView } from '@soma/schemas/contract';
import { useEffect, useRef } from 'react';
import { editor } from './monaco.ts';
import { PLAIN_BRACKETS, wearTheme } from './monaco-theme.ts';

export interface CodeEditorProps {
  readonly file: FileView;
  /** The line that was asked for, 1-based; it is tinted and in the middle. */
  readonly line: number | null;
  /** The accessible name. */
  readonly label: string;
}

const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  readOnly: true,
  domReadOnly: true,
  automaticLayout: true,
  contextmenu: false,
  cursorStyle: 'line-thin',
  folding: true,
  fontFamily: 'var(--font-code)',
  fontLigatures: false,
  fontSize: 12,
  lineHeight: 20,
  lineNumbersMinChars: 4,
  links: false,
  matchBrackets: 'always',
  minimap: { enabled: false },
  occurrencesHighlight: 'off',
  overviewRulerBorder: false,
  padding: { top: 8, bottom: 8 },
  renderLineHighlight: 'none',
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  stickyScroll: { enabled: false },
  unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true, nonBasicASCII: false },
  wordWrap: 'off',
};

/** A file in the editor, read only, with one line tinted. Loaded by itself: see `CodePanel`. */
export default function CodeEditor({ file, line, label }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const held = useRef<{
    readonly code: editor.IStandaloneCodeEditor;
    readonly tint: editor.IEditorDecorationsCollection;
  } | null>(null);
  const { text, language } = file;
  useEffect(() => {
    if (place.current === null) return;
    const stop = wearTheme();
    const model = editor.createModel(text, language === 'json' ? 'javascript' : language);
    model.updateOptions(PLAIN_BRACKETS);
    const code = editor.create(place.current, { ...OPTIONS, model, ariaLabel: label });
    held.current = { code, tint: code.createDecorationsCollection() };
    return () => {
      held.current = null;
      code.dispose();
      model.dispose();
      stop();
    };
  }, [text, language, label]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a text that was read anew is shown at its line again.
  useEffect(() => {
    const open = held.current;
    if (open === null) return;
    if (line === null) return open.tint.clear();
    const last = open.code.getModel()?.getLineCount() ?? 1;
    const at = Math.min(Math.max(line, 1), last);
    open.tint.set([
      {
        range: { startLineNumber: at, startColumn: 1, endLineNumber: at, endColumn: 1 },
        options: {
          isWholeLine: true,
          className: 'bg-accent-bg',
          lineNumberClassName: 'text-accent-text! font-semibold',
        },
      },
    ]);
    open.code.setPosition({ lineNumber: at, column: 1 });
    open.code.revealLineInCenter(at);
  }, [line, text, label]);
  return <div ref={place} dir="ltr" className="absolute inset-0" />;
}
