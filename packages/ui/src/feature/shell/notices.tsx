import { HostFaults } from '../fault/index.ts';
import { ResumeOrStop } from '../resume/index.ts';

/** What must be seen first: trouble of the whole host, and runs that were cut off. */
export function Notices() {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-3 z-10 flex flex-col items-center gap-2 px-3 *:pointer-events-auto">
      <HostFaults />
      <ResumeOrStop />
    </div>
  );
}
