import { type UtilityProcess, utilityProcess } from 'electron';

/** A process of the hub, which begins once it is told its place. */
export interface HubProcess {
  readonly child: UtilityProcess;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/** Starts a process for the hub. `file` is the absolute path of its built entry. */
export function forkHub(file: string): HubProcess {
  const child = utilityProcess.fork(file, [], { serviceName: 'SomaAgent hub', stdio: 'inherit' });
  return { child, ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}
