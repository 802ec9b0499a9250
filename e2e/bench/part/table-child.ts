import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createTableTools } from '@soma/agent-core/adapter/tool-table';
import { buildClaims, evaluateArguments, loadPlan, packagedPlanSources } from '@soma/agent-core/plan';
import type { ToolContext } from '@soma/agent-core/port';
import { verifyClaims } from '@soma/agent-core/verify';
import type { Json } from '@soma/schemas/event';
import Papa from 'papaparse';

// One reading in a process of its own, so that its peak of memory is its own. `MODE FOLDER FILE`; the answer is one line of JSON.

const [mode = '', folder = '', file = ''] = process.argv.slice(2);
const began = performance.now();
const figures = mode === 'soma' ? await summarise() : await parse();
const peakMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ...figures, peakMb })}\n`);

/** Time of all processors, in milliseconds: on a busy machine it tells more than the clock. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The tool alone, then every task of the plan with its claims and their check. */
async function summarise() {
  const tools = new Map(createTableTools().map((tool) => [tool.describe().name, tool]));
  const described = new Map([...tools].map(([name, tool]) => [name, tool.describe()]));
  const plan = packagedPlanSources
    .map((source) => loadPlan(source, described))
    .flatMap((loaded) => (loaded.ok ? [loaded.plan] : []))
    .find(({ name }) => name === 'summarise-table');
  const tool = tools.get('read_table');
  if (plan === undefined || tool === undefined) throw new Error('summarise-table is expected');
  const context = contextOf();
  const first = await tool.call({ path: file }, context);
  const readMs = performance.now() - began;
  const readCpuMs = cpuMs();
  const readPeakMb = process.resourceUsage().maxRSS / 1024;
  if (!first.ok) throw new Error(first.fault.code);
  const tasks: Record<string, Json> = {};
  let [claims, proven] = [0, 0];
  for (const task of plan.tasks) {
    const scope = { goal: '', slots: { file }, tasks };
    const given = await evaluateArguments(task, { ...scope, result: null });
    const result = given.ok ? await tool.call(given.value, context) : given;
    if (!result.ok) throw new Error(result.fault.code);
    const built = await buildClaims(task, { ...scope, result: result.output });
    if (!built.ok) throw new Error(built.fault.code);
    const checked = await verifyClaims(built.value, { folder, signal: context.signal });
    claims += checked.length;
    proven += checked.filter(({ verdict }) => verdict.checked).length;
    tasks[task.id] = result.output;
  }
  return { readMs, readCpuMs, readPeakMb, planMs: performance.now() - began, claims, proven };
}

/** The peer: the parser alone, without counting anything but rows. */
function parse(): Promise<{ readMs: number; readCpuMs: number; rows: number }> {
  let rows = 0;
  return new Promise((resolve, reject) => {
    Papa.parse<string[]>(
      createReadStream(join(folder, file), { encoding: 'utf8', highWaterMark: 1024 * 1024 }),
      {
        ...{ delimiter: ',', newline: '\n' },
        chunk: ({ data }) => {
          rows += data.length;
        },
        error: reject,
        complete: () => resolve({ readMs: performance.now() - began, readCpuMs: cpuMs(), rows }),
      },
    );
  });
}

function contextOf(): ToolContext {
  return {
    scope: {
      ...{ tenant: 'local', workspace: 'local', actor: [{ kind: 'person', id: 'bench' }] },
      ...{ traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, causation: null },
    },
    ...{ run: 'run', task: 'task', call: 'call', key: 'key', canvas: 'canvas', folder, preview: null },
    ...{ model: null, say: () => undefined },
    signal: new AbortController().signal,
    progress: () => undefined,
    model: null,
    say: () => undefined,
  };
}
