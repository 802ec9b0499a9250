import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const processes = pathToFileURL(join(import.meta.dirname, 'process.mjs')).href;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soma-process-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A launcher of one line, started for real, with all it says gathered. */
function launcher(
  body: string,
  { detached = false } = {},
): {
  child: ChildProcess;
  said: { out: string; err: string };
  end: Promise<number | null>;
} {
  const script = join(folder, 'launcher.mjs');
  writeFileSync(script, `import { run, handOver, step, say } from '${processes}';\n${body}\n`);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'], detached });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes) => {
    said.out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    said.err += bytes;
  });
  return { child, said, end: once(child, 'close').then(([code]) => code) };
}

const node = (source: string): string => JSON.stringify([process.execPath, '-e', source]);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a program that is handed the terminal', () => {
  it('answers on stdout, and its exit code is ours', async () => {
    const { said, end } = launcher(
      `process.exitCode = await handOver(${node('console.log(1); process.exit(3)')});`,
    );
    expect(await end).toBe(3);
    expect(said).toEqual({ out: '1\n', err: '' });
  });

  it('that dies of a signal counts as 128 and its number', async () => {
    const { end } = launcher(
      `process.exitCode = await handOver(${node('process.kill(process.pid, "SIGKILL")')});`,
    );
    expect(await end).toBe(137);
  });

  it('gets the SIGTERM that we get, and ends in its own way', async () => {
    const source =
      'process.on("SIGTERM", () => process.exit(5)); console.log("up"); setInterval(() => {}, 1000)';
    const { child, said, end } = launcher(`process.exitCode = await handOver(${node(source)});`);
    await until(() => said.out.includes('up'));
    child.kill('SIGTERM');
    expect(await end).toBe(5);
  });

  it('gets one SIGTERM when the whole group gets it, and time to end well', async () => {
    const source =
      'let times = 0; process.on("SIGTERM", () => { times += 1; setTimeout(() => process.exit(times), 300) }); console.log("up"); setInterval(() => {}, 1000)';
    const { child, said, end } = launcher(`process.exitCode = await handOver(${node(source)});`, {
      detached: true,
    });
    await until(() => said.out.includes('up'));
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    expect(await end).toBe(1);
  });

  it('has only the noise we name taken out of its stderr', async () => {
    const source = 'console.error("noise of the bus"); console.error("a fault")';
    const { said, end } = launcher(`process.exitCode = await handOver(${node(source)}, { drop: /noise/ });`);
    expect(await end).toBe(0);
    expect(said.err).toBe('a fault\n');
  });

  it('that is not there is said, and counts as 127', async () => {
    const { said, end } = launcher(`process.exitCode = await handOver(['/nowhere/program']);`);
    expect(await end).toBe(127);
    expect(said.err).toContain('ENOENT');
  });
});

describe('a step', () => {
  it('keeps stdout free, and gives back what was said and how it ended', async () => {
    const { said, end } = launcher(
      `const { code, lines } = await step('making', (hear) => run(${node('console.log("a"); console.error("b"); process.exit(2)')}, { hear }));
       say(JSON.stringify({ code, lines: lines.sort() }));`,
    );
    expect(await end).toBe(0);
    expect(said.out).toBe('');
    expect(said.err.split('\n').slice(0, 3)).toEqual([
      'making ...',
      '  done in 0 s',
      '{"code":2,"lines":["a","b"]}',
    ]);
  });

  it('ends with all it started when we are told to end', async () => {
    const pid = join(folder, 'pid');
    const grandchild = `require('fs').writeFileSync(${JSON.stringify(pid)}, String(process.pid)); setInterval(() => {}, 1000)`;
    const source = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}]); setInterval(() => {}, 1000)`;
    const { child, end } = launcher(`await run(${node(source)}); console.log('went on');`);
    const readPid = (): number => {
      try {
        return Number(readFileSync(pid, 'utf8'));
      } catch {
        return 0;
      }
    };
    await until(() => readPid() > 0);
    child.kill('SIGTERM');
    expect(await end).toBe(143);
    await until(() => !isAlive(readPid()));
  });

  it('that takes too long is stopped', async () => {
    const { said, end } = launcher(
      `say(String((await run(${node('setInterval(() => {}, 1000)')}, { seconds: 0.3 })).code));`,
    );
    expect(await end).toBe(0);
    expect(said.err).toBe('137\n');
  });
});

/** A process that has ended but was not yet reaped by whoever adopted it is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the command', () => {
  const soma = join(import.meta.dirname, 'soma.mjs');

  it.each([
    [['nonsense'], 2, 'USE_UNKNOWN_COMMAND'],
    [['bench', '../evil'], 2, 'USE_UNKNOWN_BENCH'],
    [['package', 'other'], 2, 'USE_UNKNOWN_PROFILE'],
  ])('%j ends with %i and says %s on stderr only', async (args, code, said) => {
    const child = spawn(process.execPath, [soma, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (bytes) => {
      out += bytes;
    });
    child.stderr.on('data', (bytes) => {
      err += bytes;
    });
    expect((await once(child, 'close'))[0]).toBe(code);
    expect(out).toBe('');
    expect(err).toContain(said);
    expect(err).toContain('next:');
  });
});
