import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Recording } from '@soma/schemas/contract';
import { type ApproveMode, runStream } from '@soma/schemas/event';
import { openApprovals, type RunState } from '@soma/schemas/run';
import { expect } from 'vitest';
import type { RunCommand } from '../domain/decide.ts';
import { type CommandMeta, openRun, readRun, readRunAfter } from '../engine/index.ts';
import type { LocalStore } from './local-store.ts';
import { folderInMemory, openLocalStore } from './local-store.ts';
import { type Random, seeded } from './random.ts';
import { judgeRun } from './run-model-oracle.ts';
import { MOST_TASKS, OUTCOMES } from './run-model-parts.ts';
import { ModelWorld, type Strike } from './run-model-world.ts';

/** Where many worlds lie, one workspace each. */
export interface ModelGround {
  readonly store: LocalStore;
  readonly targets: string;
  close(): void;
}

export async function openGround(): Promise<ModelGround> {
  // In memory where there is such a place: power cuts are not played here, and a run is judged by what SQLite answers.
  const home = folderInMemory();
  const targets = join(home.path, 'targets');
  mkdirSync(targets);
  const store = await openLocalStore(join(home.path, 'data'));
  const close = () => {
    store.close();
    home.remove();
  };
  return { store, targets, close };
}

export interface Script {
  readonly seed: number;
  /** What becomes of the n-th use of a port; nothing special when left out. */
  readonly strike?: (name: string, world: ModelWorld) => Strike;
  /** Things that happen before everything may come to its end. */
  readonly steps?: number;
  /** Whether the clock is set forward and back, too. */
  readonly jumps?: boolean;
  /** Whether plans have other ways, so that they are revised; so it is when left out. */
  readonly revises?: boolean;
}

/** What a play came to. */
export interface Played {
  readonly runs: number;
  readonly revisions: number;
  readonly events: number;
  readonly effects: number;
  readonly kills: number;
}

/** Plays one seed and judges every run of it. An error names the seed and the commit. */
export async function play(ground: ModelGround, script: Script): Promise<Played> {
  const model = new Model(ground, script);
  try {
    return await model.play();
  } catch (error) {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`seed ${script.seed} at ${commit}: ${said}`, { cause: error });
  } finally {
    model.world.end();
  }
}

const DAY = 24 * 3600 * 1000;
/** Most things that happen while everything comes to its end. */
const DRAIN = 600;

class Model {
  readonly world: ModelWorld;
  readonly #ground: ModelGround;
  readonly #script: Script;
  readonly #runs: string[] = [];
  readonly #sent: { run: string; command: RunCommand; meta: CommandMeta }[] = [];
  readonly #acknowledged: { run: string; sequence: number }[] = [];
  readonly #others: Random | null;
  #kills = 0;
  #toKill = 0;

  constructor(ground: ModelGround, script: Script) {
    this.#ground = ground;
    this.#script = script;
    // Numbers of its own, so that a seed is otherwise what it was before plans could be revised.
    this.#others = script.revises === false ? null : seeded(script.seed + 0x5eed);
    this.world = new ModelWorld({
      store: ground.store,
      target: join(ground.targets, `${script.seed}`),
      seed: script.seed,
      others: this.#others,
      strike: (name) => this.#strike(name),
    });
  }

  async play(): Promise<Played> {
    const { world } = this;
    await world.begin();
    await this.#submit();
    const steps = this.#script.steps ?? 5 + world.random.below(25);
    for (let n = 0; n < steps; n++) await this.#step();
    await this.#drain();
    return this.#judge();
  }

  #strike(name: string): Strike {
    const { world } = this;
    if (this.#toKill > 0) {
      this.#toKill -= 1;
      if (this.#toKill === 0) {
        this.#kills += 1;
        return world.random.below(2) === 0 ? 'kill-before' : 'kill-after';
      }
    }
    return world.benign ? 'none' : (this.#script.strike?.(name, world) ?? 'none');
  }

  async #step(): Promise<void> {
    const { world } = this;
    const { random } = world;
    if (world.engine === null) await this.#revive();
    const chance = random.below(100);
    const gates = [...world.gates];
    if (chance < 45 && gates.length > 0)
      one(gates, random.below(gates.length)).end(one(OUTCOMES, random.below(OUTCOMES.length)));
    else if (chance < 62) this.#pass();
    else if (chance < 68) this.#toKill = 1 + random.below(20);
    else if (chance < 72) {
      world.kill();
      this.#kills += 1;
    } else if (chance < 75) await this.#submit();
    else if (chance < 78) this.#resend();
    else await this.#command();
    if (random.below(3) === 0) world.deliver();
    await world.settle();
  }

  /** Time passes; the wall clock may be set as well. */
  #pass(): void {
    const { random, clock } = this.world;
    if (this.#script.jumps === true && random.below(2) === 0)
      clock.jump(one([-DAY, DAY, -3600_000, 3600_000, -90_000], random.below(5)));
    clock.advance(one([50, 300, 1001, 5001, 31_000], random.below(5)));
  }

  async #revive(): Promise<void> {
    const { world } = this;
    this.#toKill = 0;
    const handedOver = this.#runs.filter(() => !world.benign && world.random.below(5) === 0);
    await world.begin(handedOver);
  }

  async #submit(): Promise<void> {
    if (this.#runs.length >= 3) return;
    const { world } = this;
    const run = `r${this.#script.seed}-${this.#runs.length}`;
    this.#runs.push(run);
    const goal = await world.put('the goal');
    const folder = { id: 'f', path: '/folder' };
    const approve: ApproveMode = one(['ask', 'ask', 'all', 'never'] as const, world.random.below(4));
    const data = { run, goal, folder, canvas: 'c', plan: null, slots: {}, approve, fresh: false };
    this.#send(run, { type: 'submit', goal: data });
    await world.settle();
  }

  #send(run: string, command: RunCommand, meta?: CommandMeta): void {
    const { world } = this;
    const engine = world.engine;
    if (engine === null) return;
    const known = meta ?? { id: `c${this.#sent.length}-${this.#script.seed}`, scope: world.scope };
    if (meta === undefined) this.#sent.push({ run, command, meta: known });
    engine.command(run, command, known).then(
      (recorded: Recording) => {
        if (recorded.ok) this.#acknowledged.push({ run, sequence: recorded.sequence });
      },
      () => undefined,
    );
  }

  #resend(): void {
    const { random } = this.world;
    if (this.#sent.length === 0) return;
    const { run, command, meta } = one(this.#sent, random.below(this.#sent.length));
    this.#send(run, command, meta);
  }

  async #command(): Promise<void> {
    const { world } = this;
    const { random } = world;
    const run = one(this.#runs, random.below(this.#runs.length));
    const state = this.#stateOf(run);
    const way = this.#others?.below(4) === 0 ? 'o-' : '';
    const task = `${way}t${random.below(MOST_TASKS)}`;
    switch (random.below(9)) {
      case 0:
        return this.#send(run, { type: 'pause', reason: 'person', fault: null });
      case 1:
      case 2: {
        const approve = one([null, null, 'all', 'never', 'ask'] as const, random.below(5));
        return this.#send(run, { type: 'resume', approve, handedOver: false });
      }
      case 3:
        return random.below(3) === 0 ? this.#send(run, { type: 'stop' }) : undefined;
      case 4:
        return this.#send(run, { type: 'retry-task', task });
      case 5:
        return this.#send(run, { type: 'skip-task', task });
      case 6:
        return this.#send(run, { type: 'edit-task', task, arguments: await world.put({ n: 'edited' }) });
      case 7:
        return this.#fork(run);
      default:
        return this.#answer(run, state, random.below(4) === 0 ? 'rejected' : 'approved');
    }
  }

  #answer(run: string, state: RunState | null, answer: 'approved' | 'rejected'): void {
    const { random } = this.world;
    const [asked] = state === null ? [] : openApprovals(state);
    if (asked === undefined) return;
    const scope = one(['once', 'run'] as const, random.below(2));
    const argumentsHash = asked.arguments.hash;
    this.#send(run, { type: 'answer', approval: asked.id, argumentsHash, answer, by: 'person', scope });
  }

  async #fork(parent: string): Promise<void> {
    if (this.#runs.length >= 5) return;
    const { world } = this;
    const events = await this.#eventsOf(parent);
    if (events.length === 0) return;
    const run = `r${this.#script.seed}-${this.#runs.length}`;
    this.#runs.push(run);
    const history = events.slice(0, 1 + world.random.below(events.length));
    this.#send(run, { type: 'fork', run, history, approve: 'ask', paused: world.random.below(2) === 0 });
  }

  /** From here on nothing goes wrong and a person answers everything: whatever happened before, every run comes to an end. */
  async #drain(): Promise<void> {
    const { world } = this;
    world.benign = true;
    this.#toKill = 0;
    for (let n = 0; n < DRAIN; n++) {
      if (world.engine === null) await this.#revive();
      world.deliver();
      for (const gate of [...world.gates]) gate.end('done');
      await world.settle();
      let open = 0;
      for (const run of this.#runs) if (this.#help(run)) open += 1;
      await world.settle();
      if (open === 0 && world.gates.size === 0) return;
      if (world.gates.size === 0) world.clock.advance(n > 200 ? DAY : n % 2 === 0 ? 5001 : 61_000);
      await world.settle();
    }
    const states = this.#runs.map((run) => this.#stateOf(run));
    const stuck = states.map((state) => ({
      status: state?.status,
      tasks: state?.tasks.map(({ status }) => status),
    }));
    throw new Error(`not over: ${JSON.stringify(stuck)}`);
  }

  /** Gives a run what it waits for; false when it has ended. */
  #help(run: string): boolean {
    const state = this.#stateOf(run);
    if (state === null || state.status.name === 'ended') return false;
    const { name } = state.status;
    if (name === 'paused' || name === 'interrupted')
      this.#send(run, { type: 'resume', approve: null, handedOver: false });
    else this.#answer(run, state, 'approved');
    return true;
  }

  #stateOf(run: string): RunState | null {
    return this.world.states.get(runStream(run)) ?? null;
  }

  #eventsOf(run: string) {
    return readRun(this.#ground.store.ledger, this.world.scope, { run });
  }

  /** However its log is divided, it is the same run to whoever opens it from its newest segment on, or reads on from anywhere. */
  async #judgeSegments(run: string, state: RunState, segments: readonly number[]): Promise<void> {
    const { ledger, content } = this.#ground.store;
    const { scope, segmentEvents, random } = this.world;
    const ends = [0, ...segments, state.sequence];
    for (const [index, begin] of segments.entries())
      expect(begin - (ends[index] ?? 0), 'no segment begins before the last is full').toBeGreaterThanOrEqual(
        segmentEvents,
      );
    expect(state.sequence - (segments.at(-1) ?? 0)).toBeLessThan(2 * segmentEvents);
    const log = { store: ledger, runs: ledger.runs, content, version: '0.0.0' };
    const opened = await openRun(log, scope, run);
    const whole = await openRun({ ...log, version: 'another' }, scope, run);
    expect(isDeepStrictEqual(opened.state, state), 'from the newest segment on').toBe(true);
    expect(whole).toEqual(opened);
    const after = random.below(state.sequence + 1);
    const limit = 1 + random.below(30);
    const events = await this.#eventsOf(run);
    expect(await readRunAfter(log, scope, { run, after, limit })).toEqual(events.slice(after, after + limit));
  }

  async #judge(): Promise<Played> {
    const { world } = this;
    const effects = world.effects();
    const played = { runs: 0, revisions: 0, events: 0, effects: effects.length, kills: this.#kills };
    expect(new Set(effects.map(({ key }) => key)).size, 'one effect a key').toBe(effects.length);
    for (const run of this.#runs) {
      const events = await this.#eventsOf(run);
      for (const { run: of, sequence } of this.#acknowledged)
        if (of === run)
          expect(events.length, 'what was acknowledged is there').toBeGreaterThanOrEqual(sequence);
      if (events.length === 0) continue;
      const row = await this.#ground.store.ledger.runs.get(world.scope, run);
      const own = effects.filter((effect) => effect.run === run);
      const state = judgeRun({ events, row, effects: own, random: world.random });
      await this.#judgeSegments(run, state, row?.segments ?? []);
      played.runs += 1;
      played.events += events.length;
      played.revisions += events.filter(({ type }) => type === 'plan.revised').length;
    }
    return played;
  }
}

function one<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}
