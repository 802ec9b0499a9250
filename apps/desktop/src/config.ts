import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

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
  /** All of this process's own environment: commands of runs get a part of it, and the person's own pip, which is told in it where its index is, the whole. */
  readonly ownEnvironment: Readonly<Record<string, string>>;
}

/** An empty variable is as good as none, and so is a relative path where the standard asks for an absolute one. */
const given = (value: string | undefined) => (value === '' ? undefined : value);
const absolute = (value: string | undefined) =>
  value !== undefined && isAbsolute(value) ? value : undefined;

/** What is not set at all is not among the names. */
const whole = (env: NodeJS.ProcessEnv) => {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set);
};

// Read before the window can open: nothing but Node is imported here.
export function readConfig(): Config {
  const { env } = process;
  const startedIn = resolve(given(env['INIT_CWD']) ?? process.cwd());
  const folder = given(env['SOMA_DATA_DIR']);
  const account = userInfo();
  const own = `soma-${account.uid >= 0 ? account.uid : account.username}`;
  return Object.freeze({
    dataFolder: folder === undefined ? usualPlace(env) : resolve(startedIn, folder),
    runtimeFolder: join(absolute(env['XDG_RUNTIME_DIR']) ?? tmpdir(), own),
    startedIn,
    person: Object.freeze({ id: 'local', name: account.username }),
    ownEnvironment: Object.freeze(whole(env)),
  });
}

function usualPlace(env: NodeJS.ProcessEnv): string {
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'SomaAgent');
    case 'win32':
      return join(given(env['LOCALAPPDATA']) ?? join(homedir(), 'AppData', 'Local'), 'SomaAgent');
    default:
      return join(absolute(env['XDG_DATA_HOME']) ?? join(homedir(), '.local', 'share'), 'soma-agent');
  }
}
