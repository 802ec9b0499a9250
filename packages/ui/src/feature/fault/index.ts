export { NoRuns, NothingWaits } from './absence.tsx';
export { Intact } from './broken.tsx';
export { FaultCard, type FaultCardProps } from './fault-card.tsx';
export { FaultLine } from './fault-line.tsx';
export { HostFaults } from './host-faults.tsx';
export { RunFault } from './run-fault.tsx';
