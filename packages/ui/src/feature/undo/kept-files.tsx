import { lazy, Suspense, useState } from 'react';
import { type Undone, useContent, useFaultText, useFile, useRun, useText } from '../../client/index.ts';
import { Dialog, PathText } from '../../design/index.ts';
import type { ShownChange } from '../change/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { useRunChanges } from './changes.ts';

const DiffEditor = lazy(() => import('../code/diff-editor.tsx'));

export interface KeptFilesProps {
  readonly undone: Undone & { readonly run: string };
  readonly onClose: () => void;
}

/** Files that an undo kept, each with the reason, and both versions of the one that is chosen. */
export function KeptFiles({ undone, onClose }: KeptFilesProps) {
  const text = useText();
  const say = useFaultText();
  const { kept, run } = undone;
  const [chosen, choose] = useState(kept[0]?.path ?? '');
  return (
    <Dialog
      wide="whole"
      open
      onOpenChange={(open) => !open && onClose()}
      title={text('app.undo.keptTitle', { files: kept.length })}
      note={text('app.undo.keptNote')}
      close={text('app.undo.close')}
    >
      <div className="flex h-full min-h-0 flex-col gap-3">
        <ul className="flex max-h-[40%] flex-none flex-col overflow-y-auto rounded-card border border-line">
          {kept.map(({ path, fault }) => (
            <li key={path} className="border-t border-line first:border-t-0">
              <button
                type="button"
                aria-current={path === chosen ? 'true' : undefined}
                onClick={() => choose(path)}
                className="flex min-h-row w-full min-w-0 items-center gap-3 px-3 text-start -outline-offset-2 hover:bg-hover aria-[current]:bg-accent-bg"
              >
                <PathText path={path} className="font-medium" />
                <span className="cut flex-1 text-small text-ink-2">{say(fault).title}</span>
                <code className="flex-none text-meta text-ink-3">{fault.code}</code>
              </button>
            </li>
          ))}
        </ul>
        <div className="relative min-h-0 flex-1 rounded-card border border-line">
          <BothVersions key={chosen} run={run} path={chosen} />
        </div>
      </div>
    </Dialog>
  );
}

function BothVersions({ run, path }: { readonly run: string; readonly path: string }) {
  const state = useRun(run, (whole) => ({ whole }))?.whole ?? null;
  if (state === null) return null;
  return <Versions state={state} path={path} />;
}

interface VersionsProps {
  readonly state: Parameters<typeof useRunChanges>[0];
  readonly path: string;
}

function Versions({ state, path }: VersionsProps) {
  const { files } = useRunChanges(state);
  const change = files?.find((each) => each.path === path);
  return change === undefined ? null : <Sides change={change} folder={state.folder.id} />;
}

function Sides({ change, folder }: { readonly change: ShownChange; readonly folder: string }) {
  const text = useText();
  const before = useContent(change.before);
  const now = useFile(folder, change.path);
  const reading = <p className="p-3 text-small text-ink-3">{text('app.undo.readingNow')}</p>;
  const fault = before.fault ?? now.fault;
  if (fault !== null) return <FaultLine fault={fault} />;
  if (now.value === null || (change.before !== null && before.value === null)) return reading;
  return (
    <Suspense fallback={reading}>
      <DiffEditor
        before={before.value ?? ''}
        after={now.value.text}
        language={now.value.language}
        label={text('app.change.difference', { path: change.path })}
      />
    </Suspense>
  );
}
