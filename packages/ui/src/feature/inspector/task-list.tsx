import type { RunState, TaskState } from '@soma/schemas/run';
import { useNoteText, useText, useViewStore } from '../../client/index.ts';
import { TimelineRow, type TimelineRowProps } from '../../design/index.ts';
import { LiveTime } from '../run/live-time.tsx';
import { currentStep, taskLook, taskTime } from '../run/look.ts';

/** The tasks of a run down a line, in the plan's order; each opens its own timeline. */
export function TaskList({ state }: { readonly state: RunState }) {
  const text = useText();
  const view = useViewStore();
  if (state.tasks.length === 0) {
    return <p className="p-4 text-small text-ink-3">{text('app.inspector.noPlan')}</p>;
  }
  return (
    <ol className="py-3">
      {state.tasks.map((task) => {
        const look = taskLook(task, state.status.name);
        const name: TimelineRowProps['state']['name'] = task.status.name === 'empty' ? 'done' : look;
        const time = taskTime(task, state.status.name);
        const shown = { name, label: text(`app.state.${name}`) };
        return (
          <TimelineRow
            key={task.id}
            state={shown}
            time={time !== null && <LiveTime {...time} as="duration" />}
            title={
              <button
                type="button"
                onClick={() => view.select({ kind: 'task', run: state.id, task: task.id })}
                className="hit cut max-w-full rounded-mark text-start hover:text-accent-text hover:underline underline-offset-3"
              >
                {task.title}
              </button>
            }
          >
            <TaskWords task={task} />
          </TimelineRow>
        );
      })}
    </ol>
  );
}

/** Where a task is, or what it came to. */
function TaskWords({ task }: { readonly task: TaskState }) {
  const text = useText();
  const say = useNoteText();
  const { status, evidence } = task;
  switch (status.name) {
    case 'skipped':
    case 'dropped':
      return say(status.note);
    case 'verified':
    case 'unverified':
      return text('app.inspector.claims', {
        proven: evidence.filter(({ verdict }) => verdict.checked).length,
        claims: evidence.length,
      });
    case 'empty':
      return text('app.inspector.empty');
    case 'unneeded':
      return text('app.task.unneeded');
    case 'waiting':
      return <span className="text-waiting-fg">{text('app.state.waiting')}</span>;
    case 'queued':
    case 'running':
    case 'retrying':
    case 'failed':
    case 'stopped': {
      const step = currentStep(task);
      return step === null ? null : text(`app.step.${step}`);
    }
    default:
      return status satisfies never;
  }
}
