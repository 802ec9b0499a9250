import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import type { Analyser } from './pool.ts';
import { createAnalyserPool, sourceAssets } from './pool.ts';
import { createStudies } from './study.ts';

const { signal } = new AbortController();
const folders: SampleFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

function aFolder(files: number): string {
  const folder = sampleFolder(
    Object.fromEntries(Array.from({ length: files }, (_, n) => [`f${n}.js`, `export const a${n} = ${n};\n`])),
  );
  folders.push(folder);
  return folder.path;
}

/** The product's own pool, and how many files it was asked to parse. */
function counted(): { analyser: Analyser; parsed: () => number } {
  const pool = createAnalyserPool(sourceAssets());
  let count = 0;
  const analyse: Analyser['analyse'] = (extension, text) => {
    count += 1;
    return pool.analyse(extension, text);
  };
  return { analyser: { analyse }, parsed: () => count };
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What a WeakRef was made of in this turn stays until the next.
  await pause(1);
  collect();
}

describe('studying folders', () => {
  it('parses a file once for two who ask at the same time, and for one who asks right after', async () => {
    const { analyser, parsed } = counted();
    const study = createStudies(analyser);
    const folder = aFolder(20);
    const ask = () => study({ folder, signal, progress: () => undefined });
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(({ files }) => files.length)).toEqual([20, 20]);
    await ask();
    expect(parsed()).toBe(20);
  });

  it('gives the files of a folder back to memory once another is studied', async () => {
    const study = createStudies(counted().analyser);
    const refs = async (folder: string) => {
      const { files } = await study({ folder, signal, progress: () => undefined });
      return files.map((file) => new WeakRef(file));
    };
    const first = await refs(aFolder(50));
    const second = await refs(aFolder(50));
    await collectGarbage();
    const alive = (found: readonly WeakRef<object>[]) => found.filter((ref) => ref.deref() !== undefined);
    expect(alive(first)).toHaveLength(0);
    expect(alive(second)).toHaveLength(50);
  });
});
