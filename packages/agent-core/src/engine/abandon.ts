import { type CallState, isUnclear } from '@soma/schemas/run';
import type { Performing } from './outcome.ts';
import { contextOf, readPreview } from './perform.ts';

/**
 * Ends what calls without an outcome may have left behind, in this process or in one that was killed: a run that has ended awaits
 * nothing of them any more. What a tool cannot clear now stays, and the end of the run stands.
 */
export async function abandonCalls(performing: Performing): Promise<void> {
  const calls = Object.values(performing.writer.state().calls);
  for (const call of calls.filter(isUnclear)) await abandon(call, performing).catch(() => undefined);
}

async function abandon(call: CallState, performing: Performing): Promise<void> {
  const { parts, writer } = performing;
  const tool = parts.tools.get(call.tool);
  if (tool?.abandon === undefined) return;
  const task = writer.state().tasks.find(({ id }) => id === call.task);
  const begun = task?.attempt === call.attempt ? task.key : null;
  const step = call.id.slice(call.id.lastIndexOf('.') + 1);
  const isOwn = begun === null || call.compensates !== undefined;
  const effect = { call: call.id, task: call.task, key: isOwn ? call.id : `${begun}.${step}` };
  const preview = await readPreview({ preview: call.preview ?? null }, performing);
  await tool.abandon(contextOf(effect, preview, performing));
}
