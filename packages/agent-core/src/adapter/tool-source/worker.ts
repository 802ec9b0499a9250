import { parentPort, workerData } from 'node:worker_threads';
import { createAnalyser } from './analyse.ts';
import type { AnalyseAnswer, AnalyseRequest } from './message.ts';

// A worker thread, so that parsing a large folder never stalls the thread that writes the ledger and serves the window.

const analyse = createAnalyser(isWhere(workerData) ? workerData : { grammars: '', runtime: '' });

parentPort?.on('message', ({ id, extension, text }: AnalyseRequest) => {
  const answer = (analysis: AnalyseAnswer['analysis']) =>
    parentPort?.postMessage({ id, analysis } satisfies AnalyseAnswer);
  analyse.then((run) => run(extension, text)).then(answer, () => answer(null));
});

function isWhere(data: unknown): data is { grammars: string; runtime: string } {
  return typeof data === 'object' && data !== null && 'grammars' in data && 'runtime' in data;
}
