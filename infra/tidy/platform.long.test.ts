import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');

// `skipLibCheck` hides a name that a library's declarations use and nobody declares; the library's types then quietly
// become `any`, and ours with them. So here it is off. OpenTelemetry is an option of oRPC that we do not take.
it.each(['schemas', 'packages/agent-core'])(
  '%s compiles with no platform, and no library loses a name',
  async (folder) => {
    const args = ['-p', `${folder}/tsconfig.pure.json`, '--noEmit', '--skipLibCheck', 'false'];
    const said = await promisify(execFile)(join(root, 'node_modules', '.bin', 'tsc'), args, {
      cwd: root,
    }).catch((fault: { stdout: string }) => fault);
    const faults = said.stdout
      .split('\n')
      .filter(
        (line) =>
          line.includes('error TS') &&
          line.includes('node_modules/') &&
          !line.includes("'@opentelemetry/api'"),
      );
    expect(faults).toEqual([]);
  },
);
