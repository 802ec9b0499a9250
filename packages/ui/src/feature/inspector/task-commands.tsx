import type { RunState, TaskState } from '@soma/schemas/run';
import { Pencil, RotateCw, SkipForward } from 'lucide-react';
import { useState } from 'react';
import { useClient, useCommands, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { useSend } from '../run/use-send.ts';
import { EditArguments } from './edit-arguments.tsx';
import { doneWith, followersOf, isOver, isPending } from './followers.ts';

export interface TaskCommandsProps {
  readonly state: RunState;
  readonly task: TaskState;
}

/** What a person may have done with one task: do it again once it is over; before it begins, leave it out or edit it. */
export function TaskCommands({ state, task }: TaskCommandsProps) {
  const text = useText();
  const commands = useCommands();
  const { sending, refused, send } = useSend();
  const [editing, edit] = useState(false);
  const pending = isPending(task) && state.status.name !== 'ended';
  if (!pending && !isOver(task)) return null;
  const { id: run } = state;
  return (
    <section
      aria-label={text('app.task.commands')}
      className="flex flex-none flex-col gap-1.5 border-b border-line px-4 pb-2.5"
    >
      <div className="flex flex-wrap items-center gap-2">
        {isOver(task) && (
          <Button
            small
            icon={RotateCw}
            disabled={sending}
            onClick={() => void send(() => commands.retryTask(run, task.id))}
          >
            {text('app.task.doAgain')}
          </Button>
        )}
        {pending && (
          <>
            <Button small icon={Pencil} aria-expanded={editing} onClick={() => edit(!editing)}>
              {text('app.task.edit')}
            </Button>
            <Button
              small
              icon={SkipForward}
              disabled={sending}
              onClick={() => void send(() => commands.skipTask(run, task.id))}
            >
              {text('app.task.leaveOut')}
            </Button>
          </>
        )}
      </div>
      <Follow state={state} task={task} />
      {refused !== null && <FaultLine fault={refused} />}
      {pending && editing && <EditArguments state={state} task={task} onDone={() => edit(false)} />}
    </section>
  );
}

/** Which other tasks are done again, or left out, with this one; and that an ended run goes on. */
function Follow({ state, task }: TaskCommandsProps) {
  const text = useText();
  const { language } = useClient().translator;
  const over = isOver(task);
  const others = over ? doneWith(state, task.id) : followersOf(state.tasks, [task.id]);
  const tasks = new Intl.ListFormat(language).format(others.map(({ title }) => `“${title}”`));
  const key = over ? 'app.task.againToo' : 'app.task.leftOutToo';
  return (
    <p className="text-small text-ink-3">
      {others.length === 0
        ? text(over ? 'app.task.againAlone' : 'app.task.leftOutAlone')
        : text(key, { count: others.length, tasks })}{' '}
      {over && state.status.name === 'ended' && text('app.task.againEnded')}
    </p>
  );
}
