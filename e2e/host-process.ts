import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The process that works on a data folder, as host.json says; null when none does. */
export async function hostPid(data: string): Promise<number | null> {
  const text = await readFile(join(data, 'host.json'), 'utf8').catch(() => '{}');
  const { pid } = JSON.parse(text) as { pid?: number };
  // A process that was killed leaves its name behind.
  return pid === undefined || (await hasEnded(pid)) ? null : pid;
}

/** Ends the host that a command left in the background, and waits until it has gone. */
export async function endHost(data: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const pid = await hostPid(data);
  if (pid === null) return;
  try {
    process.kill(pid, signal);
    while (!(await hasEnded(pid))) await new Promise((resolve) => setTimeout(resolve, 20));
  } catch {
    // It had gone already.
  }
}

/** Also when its entry is still there because nobody has asked how it ended. */
async function hasEnded(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat === null || /\) Z /.test(stat);
}
