import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dialSocketFile } from '@soma/agent-core/adapter/transport';
import type { FlowDuplex } from '@soma/schemas/contract';
import { z } from 'zod';

const HostFile = z.object({ socket: z.string().min(1) });

/** A pipe to the host that works on this data folder; null when none answers. */
export async function findHost(dataFolder: string): Promise<FlowDuplex | null> {
  try {
    const { socket } = HostFile.parse(JSON.parse(await readFile(join(dataFolder, 'host.json'), 'utf8')));
    return await dialSocketFile(socket);
  } catch {
    // No file, half a file, a socket without a listener: in each case nobody is there.
    return null;
  }
}
