import type { Tool } from '../../port/index.ts';
import { type CommandParts, runCommand } from './run-command.ts';

export { collectExecutions } from './collect.ts';
export { commandEnvironment } from './environment.ts';

/** The runner's code as it lies in the source tree. */
export const commandRunner = new URL('./runner.ts', import.meta.url);

export type CommandOptions = Pick<CommandParts, 'store' | 'environment'> &
  Partial<Pick<CommandParts, 'runner' | 'limits'>>;

/** 1 MiB of output is kept; a command that writes more than 1 GiB, or has more than 512 processes, is ended. */
const LIMITS = { keptBytes: 1024 * 1024, outputBytes: 1024 * 1024 * 1024, processes: 512 };

/** The tool that runs a command, by a runner process of its own. A bundle says where the runner's code lies. */
export function createCommandTools(options: CommandOptions): readonly Tool[] {
  const { runner = commandRunner, limits = LIMITS, ...rest } = options;
  return [runCommand({ ...rest, runner, limits, path: options.environment.PATH ?? '' })];
}
