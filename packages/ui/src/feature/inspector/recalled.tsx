import type { Note } from '@soma/schemas/event';
import type { TaskState } from '@soma/schemas/run';
import { useFormats, useNoteText, useRunRow, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { useOpenRun } from '../run/use-open-run.ts';

/** Notes that say what was taken from an earlier run. */
const FROM_RUNS = ['recalled-same', 'recalled-changed', 'result-reused'] as const;

/** What a state did. What it took from an earlier run is said by that run's goal, with the way there unless it is only to be read. */
export function RecalledNote({ note, still = false }: { readonly note: Note; readonly still?: boolean }) {
  const text = useText();
  const say = useNoteText();
  const formats = useFormats();
  const open = useOpenRun();
  const { run, holds, count, tookMs } = note.data;
  const row = useRunRow(typeof run === 'string' ? run : null);
  const code = FROM_RUNS.find((each) => each === note.code);
  if (code === undefined || row === null) return say(note);
  const data = {
    goal: row.goal,
    age: formats.age(row.submittedAt, Date.now()),
    holds: Number(holds ?? 0),
    count: Number(count ?? 0),
    saved: formats.duration(Number(tookMs ?? 0)),
  };
  return (
    <>
      {text(`app.inspector.recalled.${code}`, data)}{' '}
      {!still && (
        <Button kind="link" onClick={() => open(row)}>
          {text('app.inspector.recalled.show')}
        </Button>
      )}
    </>
  );
}

/** Why there is no call to show: none was made yet, or an earlier run's result was taken over. */
export function NoCalls({ task }: { readonly task: TaskState | null }) {
  const text = useText();
  const execute = task?.steps.execute;
  const reused = execute?.status === 'done' && execute.note.code === 'result-reused' ? execute.note : null;
  return (
    <p className="p-4 text-small text-ink-3">
      {text('app.inspector.noCalls')} {reused !== null && <RecalledNote note={reused} />}
    </p>
  );
}
