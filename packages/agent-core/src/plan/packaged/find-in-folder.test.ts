import type { HostCalls } from '@soma/schemas/contract';
import { phaseOf, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { callsOf, settled, submitGoal } from '../../testing/run-scenario.ts';
import { type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { ScriptedModel } from '../../testing/scripted-model.ts';
import { openTestHost, type TestHost } from '../../testing/test-host.ts';

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let host: TestHost;
let calls: HostCalls;

beforeEach(async () => {
  folder = sampleFolder();
  data = temporaryFolder();
  host = await openTestHost(data.path);
  calls = callsOf(host);
});
afterEach(async () => {
  await host.close();
  data.remove();
  folder.remove();
});

interface Found {
  readonly state: RunState;
  /** Claims as a person reads them: text, place, and whether it holds. */
  readonly claims: readonly string[];
  readonly lines: readonly string[];
}

async function find(goal: string, slots: Record<string, string> = {}): Promise<Found> {
  await submitGoal(calls, { run: 'r', folder: folder.path, goal, plan: 'find-in-folder', slots });
  const state = await settled(host, 'r');
  const claims = state.tasks.flatMap(({ evidence }) =>
    evidence.map(
      ({ claim: { text, citation }, verdict }) =>
        `${text} @ ${citation.path}:${citation.line} ${verdict.checked ? 'holds' : 'does not hold'}`,
    ),
  );
  const [published] = state.artifacts;
  const shown = await calls.run.artifact({ run: 'r', artifact: published?.id ?? '' });
  const lines = shown.ok
    ? shown.artifact.lines.map(({ text, detail }) => (detail === null ? text : `${text}: ${detail}`))
    : [];
  return { state, claims, lines };
}

const PROJECT = {
  'src/queue.ts':
    'export class Queue {\n  #jobs: Job[] = [];\n\n  /** Puts a job at the end. */\n  push(job: Job): void {\n    this.#jobs.push(job);\n  }\n}\n',
  'src/retry.py':
    'def backoff(attempt):\n    """How long to wait before the next attempt, in seconds."""\n    return min(60, 2 ** attempt)\n',
  'docs/anleitung.md':
    '# Anleitung\n\n## Sicherung\n\nDie Sicherung liegt im Ordner `backups` und wird nach zehn Tagen gelöscht.\n',
  '.gitignore': 'out/\n',
  'out/built.js': 'backoff attempt seconds\n',
  'logo.png': Uint8Array.of(0x89, 0x50, 0, 1),
};

describe('find-in-folder', () => {
  it('quotes the passages that answer what was typed, each checked by rereading its line', async () => {
    folder.write(PROJECT);
    const { state, claims, lines } = await find('where is the backoff before the next attempt computed');
    expect(phaseOf(state)).toBe('verified');
    expect(claims[0]).toMatch(/@ src\/retry\.py:[123] holds$/);
    expect(claims.length).toBeLessThanOrEqual(3);
    expect(claims.every((claim) => claim.endsWith(' holds'))).toBe(true);
    expect(lines).toEqual(['Searched 4 files, 17 lines']);
  });

  it('takes the question from its slot when one is given', async () => {
    folder.write(PROJECT);
    const { claims } = await find('find it', { question: 'Wo liegt die Sicherung?' });
    expect(claims[0]).toMatch(/@ docs\/anleitung\.md:[35] holds$/);
  });

  it('says that it was not found, in how much, and what was not read', async () => {
    folder.write(PROJECT);
    const { state, claims, lines } = await find('where is the websocket handshake performed');
    expect(phaseOf(state)).toBe('verified');
    expect(claims).toEqual(['Not found. The folder has 5 files; 4 searched @ .gitignore:1 holds']);
    expect(lines).toEqual([
      'Not found. Searched 4 files, 17 lines',
      'logo.png: not text',
      'out: named by .gitignore',
    ]);
  });

  it('claims nothing about a folder without a text', async () => {
    folder.write({ 'a.bin': Uint8Array.of(1, 0), 'empty.txt': '' });
    const { state, claims, lines } = await find('where is anything');
    expect(phaseOf(state)).toBe('unverified');
    expect(claims).toEqual([]);
    expect(lines).toEqual(['Not found. Searched 0 files, 0 lines', 'a.bin: not text', 'empty.txt: empty']);
  });

  it('says so when a model had a say in the order', async () => {
    folder.write({ ...PROJECT, 'docs/next.md': 'The next attempt waits.\n' });
    await host.close();
    host = await openTestHost(data.path, [], { model: new ScriptedModel() });
    calls = callsOf(host);
    const { claims, lines } = await find('where is the backoff before the next attempt computed');
    expect(claims[0]).toMatch(/@ src\/retry\.py:[123] holds$/);
    expect(lines[0]).toBe('Searched 5 files, 18 lines: put in order by words and meaning');
  });

  it('says so when the question has no word to look for', async () => {
    folder.write(PROJECT);
    const { lines } = await find('where is it?');
    expect(lines[0]).toBe('Not found. Searched 4 files, 17 lines: the question has no word to look for');
  });
});
