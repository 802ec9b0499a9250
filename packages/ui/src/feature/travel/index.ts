// Looking back in a run, branching off, and comparing two runs.
export { CompareDialog } from './compare-dialog.tsx';
export { Origin } from './origin.tsx';
export { Scrubber } from './scrubber.tsx';
