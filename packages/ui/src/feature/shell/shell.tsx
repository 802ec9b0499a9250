import type { OpenCanvas } from '@soma/schemas/canvas';
import { type ReactNode, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import {
  useClient,
  useInterrupted,
  useRunRow,
  useText,
  useTravel,
  useView,
  useWorkspace,
} from '../../client/index.ts';
import { cx } from '../../design/index.ts';
import { HostFaults, Intact } from '../fault/index.ts';
import { FirstMinute } from '../goal/index.ts';
import { isWorking, useSecondEscape } from '../run/index.ts';
import { UndoNotices } from '../undo/index.ts';
import {
  ApprovalsPage,
  BoardPage,
  CompareDialog,
  Inspector,
  InterruptedPage,
  ModelsPage,
  RunsPage,
  Scrubber,
  StreamDrawer,
  useLaterParts,
} from './later-parts.tsx';
import { Notices } from './notices.tsx';
import { Resizer } from './resizer.tsx';
import { Rail, Sidebar } from './sidebar.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** Below these widths of the window, in CSS pixels, the inspector floats and the sidebar is a rail. */
const FLOATS = 1100;
const RAIL = 800;
/** The drawer takes at most this part of the window's height. */
const DRAWER_PART = 0.6;

/** The window: bars, panels, and in the middle a board or a page. */
export function Shell() {
  useSecondEscape();
  useLastCanvas();
  useNewestRun();
  useIntroduction();
  useLaterParts();
  const [canvas, setCanvas] = useState<OpenCanvas | null>(null);
  const panels = useView((view) => view.panels);
  const sizes = useView((view) => view.sizes);
  // These pages say everything themselves: beside one of them the same would stand twice, or what has nothing to do with it.
  const beside = useView(({ page }) => page !== 'approvals' && page !== 'models');
  useInterruptedPage();
  const { width } = useWindowSize();
  const floating = width < FLOATS;
  return (
    <div className="flex h-full flex-col overflow-hidden bg-app">
      <TopBar />
      <div className="relative flex min-h-0 flex-1">
        {panels.sidebar && width < RAIL && <Rail />}
        {panels.sidebar && width >= RAIL && (
          <div className="relative flex-none border-e border-line" style={{ width: sizes.sidebar }}>
            <Sidebar />
            <Resizer panel="sidebar" />
          </div>
        )}
        <div className="flex min-w-0 flex-1 flex-col">
          <main className="relative min-h-0 flex-1 bg-canvas">
            <Intact>
              <Suspense fallback={<Waiting />}>
                <Middle onOpen={setCanvas} />
              </Suspense>
            </Intact>
          </main>
          {beside && <Below />}
        </div>
        {panels.inspector && beside && (
          <div
            className={cx('flex-none', floating ? 'absolute inset-y-0 end-0 z-10 shadow-3' : 'relative')}
            style={{ width: Math.min(sizes.inspector, width - 48) }}
          >
            <Intact>
              <Suspense>
                <Inspector className="h-full" />
              </Suspense>
            </Intact>
            <Resizer panel="inspector" />
          </div>
        )}
      </div>
      <StatusBar canvas={canvas} />
      <UndoNotices />
      <Compared />
    </div>
  );
}

/** Below the board: where in its past a run is looked at, or else the tools at work. */
function Below() {
  const drawer = useView(({ panels }) => panels.drawer);
  const looksBack = useTravel(({ run }) => run !== null);
  const { height } = useWindowSize();
  if (!looksBack && !drawer) return null;
  return (
    <Intact>
      <Suspense>{looksBack ? <Scrubber /> : <Drawer most={Math.round(height * DRAWER_PART)} />}</Suspense>
    </Intact>
  );
}

function Compared() {
  const compares = useView(({ overlay }) => overlay === 'compare');
  return (
    compares && (
      <Suspense>
        <CompareDialog />
      </Suspense>
    )
  );
}

function Middle({ onOpen }: { readonly onOpen: (canvas: OpenCanvas | null) => void }) {
  const page = useView((view) => view.page);
  const open = useView((view) => view.canvas);
  const { loaded, canvases } = useWorkspace();
  if (!loaded) return <Waiting />;
  if (page === 'runs') return <Scrolled>{<RunsPage />}</Scrolled>;
  if (page === 'approvals') return <Scrolled>{<ApprovalsPage />}</Scrolled>;
  if (page === 'models') return <Scrolled>{<ModelsPage />}</Scrolled>;
  if (page === 'interrupted')
    return (
      <div className="absolute inset-0 overflow-y-auto">
        <div className="flex justify-center px-3 not-empty:pt-3">
          <HostFaults />
        </div>
        <InterruptedPage />
      </div>
    );
  const known = canvases.some(({ id }) => id === open);
  if (open !== null && known) return <BoardPage key={open} canvas={open} onOpen={onOpen} />;
  if (canvases.length > 0) return null;
  return (
    <Scrolled>
      <FirstMinute />
    </Scrolled>
  );
}

function Scrolled({ children }: { readonly children: ReactNode }) {
  return (
    <div className="absolute inset-0 overflow-y-auto">
      {children}
      <Notices />
    </div>
  );
}

function Waiting() {
  const text = useText();
  return <p className="sr-only">{text('app.shell.loading')}</p>;
}

function Drawer({ most }: { readonly most: number }) {
  const { view } = useClient();
  const size = useView((state) => state.sizes.drawer);
  const height = Math.min(size, most);
  return (
    <div className="relative flex-none border-t border-line" style={{ height }}>
      <StreamDrawer tall={height >= most} onTall={(tall) => view.resizePanel('drawer', tall ? most : 146)} />
      <Resizer panel="drawer" most={most} />
    </div>
  );
}

/** Opens the newest board when none is open, or the one that was is gone. */
function useLastCanvas(): void {
  const { view } = useClient();
  const { loaded, canvases } = useWorkspace();
  const open = useView((state) => state.canvas);
  useEffect(() => {
    const last = canvases.at(-1);
    if (loaded && last !== undefined && !canvases.some(({ id }) => id === open)) {
      view.setState({ canvas: last.id });
    }
  }, [view, loaded, canvases, open]);
}

/** The newest run of the open board is the one whose streams are shown, until another is chosen. */
function useNewestRun(): void {
  const { view, workspace } = useClient();
  const canvas = useView((state) => state.canvas);
  const newest = useStore(workspace, ({ runs }) => runs.find((row) => row.canvas === canvas)?.run ?? null);
  useEffect(() => {
    if (newest !== null && view.getState().run === null) view.showRun(newest);
  }, [view, newest]);
}

/** Runs that are found cut off are asked about first; once all are answered the board comes back. */
function useInterruptedPage(): void {
  const { view } = useClient();
  const count = useInterrupted().length;
  const before = useRef(0);
  useEffect(() => {
    if (count > 0 && before.current === 0) view.openPage('interrupted');
    if (count === 0 && view.getState().page === 'interrupted') view.openPage('canvas');
    before.current = count;
  }, [view, count]);
}

/** The first run at work shows what more there is to see of it. */
function useIntroduction(): void {
  const { view } = useClient();
  const row = useRunRow(useView((state) => state.run));
  const working = row !== null && isWorking(row.phase);
  useEffect(() => {
    if (working && window.innerWidth >= FLOATS) view.introduce();
  }, [view, working]);
}

function useWindowSize(): { readonly width: number; readonly height: number } {
  const width = useSyncExternalStore(onResize, () => window.innerWidth);
  const height = useSyncExternalStore(onResize, () => window.innerHeight);
  return { width, height };
}

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}
