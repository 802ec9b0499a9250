import { faultText, noteText } from '@soma/schemas/message';
import { agentOf, type RunState, type TaskState } from '@soma/schemas/run';
import type { i18n } from 'i18next';
import { printable } from './printable.ts';

/** What to say on stderr about what happened between two states of a run. */
export function progressLines(before: RunState | null, after: RunState, translator: i18n): string[] {
  const lines: string[] = [];
  if (after.plan !== null && before?.plan == null) {
    const { title } = after.plan;
    lines.push(
      translator.t('terminal.progress.plan', { title: printable(title), tasks: after.tasks.length }),
    );
  }
  for (const [index, task] of after.tasks.entries()) {
    const known = before?.tasks.find(({ id }) => id === task.id);
    if (known?.status.name === task.status.name && known.attempt === task.attempt) continue;
    const isNew = before !== null && before.plan !== null && known === undefined;
    const line =
      isNew && task.insteadOf !== undefined
        ? comesIn(task, translator)
        : taskLine(task, { state: after, translator });
    if (line !== null) lines.push(`[${index + 1}/${after.tasks.length}] ${line}`);
  }
  return lines;
}

interface Telling {
  readonly state: RunState;
  readonly translator: i18n;
}

function taskLine(task: TaskState, { state, translator }: Telling): string | null {
  const title = printable(task.title);
  const { status } = task;
  switch (status.name) {
    case 'queued':
      return null;
    case 'dropped': {
      const reason = noteText(translator, status.note);
      return translator.t('terminal.progress.dropped', { title, reason: printable(reason) });
    }
    case 'failed':
    case 'retrying':
      return `${translator.t(`terminal.progress.${status.name}`, { title })}: ${faultText(translator, status.fault).title}`;
    case 'running': {
      const agent = printable(agentOf(state, task.id)?.title ?? 'none');
      return translator.t('terminal.progress.running', { title, agent });
    }
    case 'waiting':
    case 'skipped':
    case 'stopped':
    case 'unneeded':
      return translator.t(`terminal.progress.${status.name}`, { title });
    case 'verified':
    case 'unverified':
    case 'empty':
      return `${translator.t(`terminal.progress.${status.name}`, { title, seconds: secondsOf(task) })}${reusedText(task, translator)}`;
    default:
      return status satisfies never;
  }
}

function comesIn(task: TaskState, translator: i18n): string {
  return translator.t('terminal.progress.added', { title: printable(task.title) });
}

/** Whose result was taken over, and what that saved. */
function reusedText({ steps: { execute } }: TaskState, translator: i18n): string {
  if (execute.status !== 'done' || execute.note.code !== 'result-reused') return '';
  return ` ${noteText(translator, execute.note)}`;
}

function secondsOf({ startedAt, endedAt }: TaskState): number {
  if (startedAt === null || endedAt === null) return 0;
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}
