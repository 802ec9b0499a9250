import { implement } from '@orpc/server';
import { contract, type Recording } from '@soma/schemas/contract';
import { Artifact, fault } from '@soma/schemas/event';
import { fold } from '@soma/schemas/run';
import { rowOf } from './recorded-run.ts';
import { LiveNews, type Script } from './script.ts';

const os = implement(contract.run);

/** Notes a command that reached the host, and answers it. */
export type Take = (command: string, input: object) => Recording;

/** The calls about runs, out of a script: what is asked is read from the logs, what is commanded is taken and answered. */
export function runRouter(
  { rechecked = [], runs = [], segments = [], live = new LiveNews(), contents = {}, undone }: Script,
  take: Take,
) {
  const recordedOf = (run: string) => runs.find(([first]) => first?.stream === `run/${run}`) ?? [];
  const logOf = (run: string) => {
    return [...recordedOf(run), ...live.told.filter(({ stream }) => stream === `run/${run}`)];
  };
  return {
    ...commandRouter(take),
    say: os.say.handler(({ input }) => {
      const stream = fold(logOf(input.run))?.status.name === 'ended' ? input.id : input.run;
      return { ...take('run.say', input), stream: `run/${stream}` };
    }),
    history: os.history.handler(({ input: { run, after, limit } }) => ({
      ok: true,
      events: logOf(run)
        .filter(({ sequence }) => sequence > after)
        .slice(0, limit),
    })),
    recheck: os.recheck.handler(() => ({ ok: true, claims: [...rechecked] })),
    undoFiles: os.undoFiles.handler(({ input }) => {
      const answer = take('run.undoFiles', input);
      if (!answer.ok) return answer;
      const { restored = input.paths ?? [], kept = [] } = undone ?? {};
      return { ok: true, restored: [...restored], kept: [...kept], sequence: 1 };
    }),
    get: os.get.handler(({ input }) => {
      const state = fold([...recordedOf(input.run), ...live.told]);
      return state === null
        ? { ok: false, fault: fault('RUN_UNKNOWN', { run: input.run }) }
        : { ok: true, state, segments: [...segments] };
    }),
    undoBoard: os.undoBoard.handler(({ input }) => {
      const answer = take('run.undoBoard', input);
      return answer.ok ? { ok: true, changed: true } : answer;
    }),
    watch: os.watch.handler(async function* ({ input, signal }) {
      const log = recordedOf(input.run);
      yield {
        type: 'batch',
        events: log.filter(({ sequence }) => sequence > (input.after ?? 0)),
        deltas: [],
      };
      yield* live.follow(signal);
    }),
    page: os.page.handler(() => ({ ok: true, runs: runs.map((one) => rowOf(one, segments)), cursor: null })),
    artifact: os.artifact.handler(({ input }) => {
      const log = recordedOf(input.run);
      const published = log.find(
        (event) => event.type === 'artifact.published' && event.data.artifact === input.artifact,
      );
      const content = published?.type === 'artifact.published' ? published.data.content : undefined;
      const text = content?.inline ?? contents[content?.hash ?? ''];
      return text === undefined
        ? { ok: false, fault: fault('CONTENT_GONE', { hash: content?.hash ?? '' }) }
        : { ok: true, artifact: Artifact.parse(JSON.parse(text)) };
    }),
  };
}

/** What is only taken and answered. */
function commandRouter(take: Take) {
  return {
    fork: os.fork.handler(({ input }) => take('run.fork', input)),
    pause: os.pause.handler(({ input }) => take('run.pause', input)),
    resume: os.resume.handler(({ input }) => take('run.resume', input)),
    stop: os.stop.handler(({ input }) => take('run.stop', input)),
    retryTask: os.retryTask.handler(({ input }) => take('run.retryTask', input)),
    skipTask: os.skipTask.handler(({ input }) => take('run.skipTask', input)),
    editTask: os.editTask.handler(({ input }) => take('run.editTask', input)),
  };
}
