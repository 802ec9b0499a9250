import { type Content, Json } from '@soma/schemas/event';
import type { RunState, TaskState } from '@soma/schemas/run';
import { useState } from 'react';
import { useCommands, useContent, useText } from '../../client/index.ts';
import { Button, Field } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { useSend } from '../run/use-send.ts';
import { pretty } from './content-text.tsx';

export interface EditArgumentsProps {
  readonly state: RunState;
  readonly task: TaskState;
  readonly onDone: () => void;
}

/** The arguments a task will have: those a person gave it, else those it had before; none are known before its first attempt. */
function argumentsOf(state: RunState, task: TaskState): Content | null {
  const calls = task.calls.flatMap((call) => state.calls[call] ?? []);
  const { plan } = task.steps;
  const made = plan.status === 'done' ? plan.output : null;
  return task.edited ?? made ?? calls.findLast(({ tool }) => tool === task.tool)?.arguments ?? null;
}

/** Gives a task that has not begun other arguments, as JSON. Nothing is sent that is none. */
export function EditArguments({ state, task, onDone }: EditArgumentsProps) {
  const text = useText();
  const before = argumentsOf(state, task);
  const known = useContent(before);
  if (before !== null && known.value === null) {
    return known.fault === null ? (
      <p className="text-small text-ink-3">{text('app.inspector.loading')}</p>
    ) : (
      <FaultLine fault={known.fault} />
    );
  }
  const first = known.value === null ? '{}' : pretty(known.value);
  return <Editor run={state.id} task={task.id} first={first} known={before !== null} onDone={onDone} />;
}

interface EditorProps extends Pick<EditArgumentsProps, 'onDone'> {
  readonly run: string;
  readonly task: string;
  readonly first: string;
  readonly known: boolean;
}

function Editor({ run, task, first, known, onDone }: EditorProps) {
  const text = useText();
  const commands = useCommands();
  const { sending, refused, send } = useSend();
  const [typed, type] = useState(first);
  const given = read(typed);
  const wrong = !given.ok;
  const save = async () => {
    if (given.ok && (await send(() => commands.editTask(run, task, given.value)))) onDone();
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label={text('app.task.editLabel')}
        help={text(known ? 'app.task.editHelp' : 'app.task.editUnknown')}
        {...(wrong && { error: text('app.task.editNoJson') })}
      >
        {(binding) => (
          <textarea
            {...binding}
            value={typed}
            rows={Math.min(14, Math.max(4, typed.split('\n').length))}
            spellCheck={false}
            onChange={({ currentTarget }) => type(currentTarget.value)}
            className="mono mt-1 w-full resize-y rounded-control border border-line-ctl bg-card px-2.5 py-1.5 text-small aria-invalid:border-failed-solid"
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button small kind="primary" type="submit" disabled={wrong || sending}>
          {text('app.task.editSave')}
        </Button>
        <Button small onClick={onDone}>
          {text('app.task.editCancel')}
        </Button>
      </div>
      {refused !== null && <FaultLine fault={refused} />}
    </form>
  );
}

/** JSON as it was typed. Arguments are an object. */
function read(typed: string): { readonly ok: true; readonly value: Json } | { readonly ok: false } {
  try {
    const value = Json.safeParse(JSON.parse(typed));
    const isObject = typeof value.data === 'object' && value.data !== null && !Array.isArray(value.data);
    return value.success && isObject ? { ok: true, value: value.data } : { ok: false };
  } catch {
    return { ok: false };
  }
}
