// A run, as the rest of the window shows it.
export * from './call-progress.tsx';
export * from './live-time.tsx';
export * from './look.ts';
export * from './outside.ts';
export { RunEndCard } from './run-end-card.tsx';
export { headFacts, RunFrame, useCountsText } from './run-frame.tsx';
export * from './use-run-control.ts';
