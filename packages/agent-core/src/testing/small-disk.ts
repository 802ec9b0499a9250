import { spawnSync } from 'node:child_process';

/** Runs a shell command with a disk of 8 MiB at the folder, mounted in a namespace of its own; no right is needed for that where the system allows namespaces at all. */
export function onSmallDisk(folder: string, command: string): { status: number | null; stderr: string } {
  const script = `mount -t tmpfs -o size=8m tmpfs '${folder}' && ${command}`;
  return spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script], {
    encoding: 'utf8',
  });
}
