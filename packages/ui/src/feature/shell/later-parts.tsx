import { lazy, useEffect } from 'react';

/** How long, in milliseconds, what is not on the first screen lets that screen be. */
const LATER_MS = 1000;

// What the first minute does not show. It is fetched when it is shown, or once the window has nothing else to do.
const board = () => import('./board-page.tsx');
const runs = () => import('../run/runs-page.tsx');
const approvals = () => import('../approval/approvals-page.tsx');
const inspector = () => import('../inspector/index.ts');
const streams = () => import('../stream/index.ts');
const travel = () => import('../travel/index.ts');
const models = () => import('../model/models-page.tsx');
const interrupted = () => import('../resume/interrupted-page.tsx');

export const BoardPage = lazy(async () => ({ default: (await board()).BoardPage }));
export const RunsPage = lazy(async () => ({ default: (await runs()).RunsPage }));
export const ApprovalsPage = lazy(async () => ({ default: (await approvals()).ApprovalsPage }));
export const ModelsPage = lazy(async () => ({ default: (await models()).ModelsPage }));
export const Inspector = lazy(async () => ({ default: (await inspector()).Inspector }));
export const Scrubber = lazy(async () => ({ default: (await travel()).Scrubber }));
export const CompareDialog = lazy(async () => ({ default: (await travel()).CompareDialog }));
export const InterruptedPage = lazy(async () => ({ default: (await interrupted()).InterruptedPage }));
export const StreamDrawer = lazy(async () => ({ default: (await streams()).StreamDrawer }));

/** Fetches the rest of the window, so that none has to be waited for when it is asked for. */
function fetchLaterParts(): void {
  // One that cannot be fetched now is asked for again when it is shown, and said to be missing there.
  for (const part of [board, inspector, streams, runs, approvals, models, travel])
    part().catch(() => undefined);
}

/** Fetches the rest of the window once its first picture has stood for a moment. */
export function useLaterParts(): void {
  useEffect(() => {
    const timer = setTimeout(fetchLaterParts, LATER_MS);
    return () => clearTimeout(timer);
  }, []);
}
