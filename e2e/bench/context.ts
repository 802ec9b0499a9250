import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workOut } from '@soma/agent-core/testing/context-run';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import { z } from 'zod';
import { cache, environment, root } from '../../infra/launch/place.mjs';
import { hashOf, unlessDone } from '../../infra/launch/stamp.mjs';

// Tokens that a model is sent for the same thirty files read, of which twenty-five hold a planted fact that the goal asks for: by the product's
// free goal, which asks for a dozen at once, and by LangGraph's prebuilt ReAct agent, one a turn as it is told to and a dozen at once; each on a scripted
// server of its own that counts alike for all. All must have every fact in the request they answer from. No price and no quality is measured. `npm run bench -- context`.

const TURNS = 30;
const FACTS = 25;
const LINES = 40;
/** Tokens that the servers take: more than anybody sends. */
const OPTIONS = { context: 10_000_000 };
const GOAL = 'Name the warden of each pier';
const SOURCE = join('e2e', 'bench', 'context', 'peer');
const PLACE = join(cache, 'context-peer');

const fileOf = (turn: number) => `pier-${turn}.md`;
const factOf = (turn: number) => `The warden of pier ${turn} is called Odo${turn}.`;

function contentOf(turn: number): string {
  const filler = (line: number) =>
    `The quay of pier ${turn} was wet that morning, and rope ${line} was slack.`;
  const lines = Array.from({ length: LINES }, (_, line) => filler(line));
  if (turn <= FACTS) lines[(turn * 7) % LINES] = factOf(turn);
  return `${lines.join('\n')}\n`;
}

/** Ours: a plan of twelve files, then two answers that ask for the rest, then the answer. */
function saidToUs(words: string): { readonly text: string } {
  const tasks = (from: number, count: number) =>
    Array.from({ length: Math.max(0, Math.min(count, TURNS - from)) }, (_, index) => {
      const turn = from + index + 1;
      const path = fileOf(turn);
      return { id: `pier-${turn}`, title: `Read ${path}`, tool: 'read_file', arguments: { path }, after: [] };
    });
  if (words.includes('"name":"plan"')) return { text: JSON.stringify({ tasks: tasks(0, 12) }) };
  const read = Array.from({ length: TURNS }, (_, turn) => turn + 1).filter((turn) =>
    words.includes(`## pier-${turn}\\n`),
  );
  const path = fileOf(1);
  const line = { text: factOf(1), path, line: (7 % LINES) + 1, quote: factOf(1) };
  const more = tasks(read.length, 12);
  return {
    text: JSON.stringify({ lines: more.length === 0 ? [line] : [], missing: null, tasks: more }),
  };
}

/** The peer's: so many files a turn, then an answer. */
function saidToPeer(atOnce: number) {
  return (words: string) => {
    const done = words.split('"role":"tool"').length - 1;
    if (done >= TURNS) return { text: 'They are named above.' };
    const calls = Array.from({ length: Math.min(atOnce, TURNS - done) }, (_, index) => {
      const turn = done + index + 1;
      return { id: `call-${turn}`, name: 'read_file', pieces: [JSON.stringify({ path: fileOf(turn) })] };
    });
    return { calls };
  };
}

async function peerSent(folder: string, atOnce: number): Promise<Sent> {
  const server = await new ScriptedEndpoint({ ...OPTIONS, otherwise: saidToPeer(atOnce) }).open();
  try {
    const given = JSON.stringify({ address: server.address, folder, goal: GOAL, turns: TURNS });
    const { stdout } = await promisify(execFile)(process.execPath, [join(PLACE, 'agent.js'), given]);
    z.object({ answer: z.string() }).parse(JSON.parse(stdout));
    return sentTo(server);
  } finally {
    await server.close();
  }
}

interface Sent {
  readonly requests: number;
  readonly tokens: number;
  /** Planted facts in the last request. */
  readonly facts: number;
}

function sentTo({ charged, asked }: ScriptedEndpoint): Sent {
  const last = JSON.stringify(asked.at(-1)?.body ?? null);
  const facts = Array.from({ length: FACTS }, (_, turn) => factOf(turn + 1)).filter((fact) =>
    last.includes(fact.replace(/\.$/, '')),
  );
  return { requests: charged.requests, tokens: charged.input, facts: facts.length };
}

async function ensurePeer(): Promise<void> {
  await unlessDone(join(cache, 'context-peer.json'), { sources: hashOf(root, [SOURCE]) }, async () => {
    await rm(PLACE, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await cp(join(root, SOURCE), PLACE, { recursive: true });
    const child = spawn('npm', ['ci', '--no-audit', '--no-fund'], {
      ...{ cwd: PLACE, env: environment({ npm_config_loglevel: 'error' }) },
      stdio: ['ignore', process.stderr, 'inherit'],
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`npm ci in ${SOURCE} ended with ${String(code)}`);
  });
}

await ensurePeer();
const home = await mkdtemp(join(tmpdir(), 'soma-context-'));
const folder = join(home, 'folder');
await mkdir(folder);
for (let turn = 1; turn <= TURNS; turn += 1) await writeFile(join(folder, fileOf(turn)), contentOf(turn));
const ours = await new ScriptedEndpoint({ ...OPTIONS, otherwise: saidToUs }).open();
try {
  const where = { data: join(home, 'data'), folder, goal: GOAL, contextTokens: 200_000 };
  const end = await workOut({ ...where, address: ours.address });
  const soma = sentTo(ours);
  const peers = { langgraph: await peerSent(folder, 1), langgraphTwelveAtOnce: await peerSent(folder, 12) };
  const ratio = (peer: Sent) => Math.round((soma.tokens / peer.tokens) * 1000) / 1000;
  const report = {
    bench: 'context',
    machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.versions.node },
    files: TURNS,
    facts: FACTS,
    soma: { ...soma, end },
    ...peers,
    ratio: ratio(peers.langgraph),
    ratioTwelveAtOnce: ratio(peers.langgraphTwelveAtOnce),
    equalFacts: [soma, peers.langgraph, peers.langgraphTwelveAtOnce].every(({ facts }) => facts === FACTS),
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  await ours.close();
  await rm(home, { recursive: true, force: true });
}
