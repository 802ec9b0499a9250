import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { createAnalyser } from './analyse.ts';
import type { AnalyseAnswer } from './message.ts';

// A worker thread, so that parsing a large folder never stalls the thread that writes the ledger and serves the window.

const Where = z.object({ grammars: z.string(), runtime: z.string() });
const Request = z.object({ id: z.number(), extension: z.string(), text: z.string() });

const analyse = createAnalyser(Where.parse(workerData));

parentPort?.on('message', (message: unknown) => {
  const { id, extension, text } = Request.parse(message);
  const answer = (analysis: AnalyseAnswer['analysis']) =>
    parentPort?.postMessage({ id, analysis } satisfies AnalyseAnswer);
  analyse.then((run) => run(extension, text)).then(answer, () => answer(null));
});
