export { Intact } from './broken.tsx';
export { HostFaults } from './host-faults.tsx';
