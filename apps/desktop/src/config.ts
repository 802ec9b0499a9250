import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { commandEnvironment } from '@soma/agent-core/adapter/tool-command';
import { z } from 'zod';

/** What this process learns from its surroundings, once, at its start. Nothing else reads the environment. */
export interface Config {
  /** Absolute path of the data folder: `SOMA_DATA_DIR`, or the place this system keeps such things. */
  readonly dataFolder: string;
  /** Absolute path of a folder for sockets whose path would be too long elsewhere; private to this user. */
  readonly runtimeFolder: string;
  /** Where relative paths start: where npm was called, or the working directory. */
  readonly startedIn: string;
  /** Who sits here, by their account's name. */
  readonly person: { readonly id: string; readonly name: string };
  /** The whole environment of commands that runs are allowed to start. */
  readonly commandEnvironment: Readonly<Record<string, string>>;
  /** All of this process's own environment, for the person's own pip: in it they say where its index is and how to get there. */
  readonly ownEnvironment: Readonly<Record<string, string>>;
}

/** An empty variable is as good as none, and so is a relative path where the standard asks for an absolute one. */
const Given = z.string().min(1).optional().catch(undefined);
const Absolute = z.string().refine(isAbsolute).optional().catch(undefined);

const Environment = z.object({
  SOMA_DATA_DIR: Given,
  INIT_CWD: Given,
  XDG_DATA_HOME: Absolute,
  XDG_RUNTIME_DIR: Absolute,
  LOCALAPPDATA: Given,
});

export function readConfig(): Config {
  const env = Environment.parse(process.env);
  const startedIn = resolve(env.INIT_CWD ?? process.cwd());
  const account = userInfo();
  const own = `soma-${account.uid >= 0 ? account.uid : account.username}`;
  return Object.freeze({
    dataFolder: env.SOMA_DATA_DIR === undefined ? usualPlace(env) : resolve(startedIn, env.SOMA_DATA_DIR),
    runtimeFolder: join(env.XDG_RUNTIME_DIR ?? tmpdir(), own),
    startedIn,
    person: Object.freeze({ id: 'local', name: account.username }),
    commandEnvironment: Object.freeze(commandEnvironment(process.env)),
    ownEnvironment: Object.freeze(z.record(z.string(), z.string()).parse({ ...process.env })),
  });
}

function usualPlace(env: z.infer<typeof Environment>): string {
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'SomaAgent');
    case 'win32':
      return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'SomaAgent');
    default:
      return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'soma-agent');
  }
}
