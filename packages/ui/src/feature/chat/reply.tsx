import { isReply, type RunState, type TaskState } from '@soma/schemas/run';
import { replySoFar } from '@soma/schemas/turn';
import { Check, CircleStop, Pin, Quote } from 'lucide-react';
import { useCallback, useState, useSyncExternalStore } from 'react';
import {
  useClient,
  useCommands,
  useContent,
  useRunDeltas,
  useText,
  useViewStore,
} from '../../client/index.ts';
import { Button, Chip } from '../../design/index.ts';
import { TaskApproval } from '../approval/index.ts';
import { Markdown } from '../document/markdown.tsx';
import { FaultLine } from '../fault/fault-line.tsx';
import { useSend } from '../run/use-send.ts';
import { pinNote } from './pin.ts';
import { replyLook, type Saying } from './thread.ts';

export interface ReplyProps {
  readonly saying: Saying;
}

/** What is replied to a person: the words as they come, then the whole with what was found of its quotes. */
export function Reply({ saying }: ReplyProps) {
  const text = useText();
  const { run, reply } = saying;
  const look = replyLook(saying);
  const openPlace = useOpenPlace(run);
  if (reply === null) return <Line>{text(`app.conversation.${look === 'due' ? 'due' : 'stopped'}`)}</Line>;
  switch (look) {
    case 'due':
      return <Line>{text('app.conversation.due')}</Line>;
    case 'under-way':
      return <Coming run={run} reply={reply} openPlace={openPlace} />;
    case 'asks':
      return <TaskApproval run={run.id} task={reply.id} className="max-h-[26rem] overflow-y-auto" />;
    case 'here':
      return <Whole run={run} reply={reply} openPlace={openPlace} />;
    case 'failed':
      return reply.status.name === 'failed' ? <FaultLine fault={reply.status.fault} /> : null;
    case 'stopped':
      return <Line>{text('app.conversation.stopped')}</Line>;
    default:
      return look satisfies never;
  }
}

function Line({ children }: { readonly children: string }) {
  return <p className="text-small text-ink-3">{children}</p>;
}

type OpenPlace = (path: string, line: number) => void;

/** Opens a place of the run's folder beside the board. */
function useOpenPlace({ folder }: RunState): OpenPlace {
  const view = useViewStore();
  return useCallback((path, line) => view.openCode({ folder: folder.id, path, line }), [view, folder.id]);
}

interface PartProps {
  readonly run: RunState;
  readonly reply: TaskState;
  readonly openPlace: OpenPlace;
}

/** A reply while it comes, drawn at most once a frame, and the way to stop it. */
function Coming({ run, reply, openPlace }: PartProps) {
  const text = useText();
  const commands = useCommands();
  const { sending, refused, send } = useSend();
  const said = replySoFar(useSaid(run.id, reply.calls.at(-1) ?? ''));
  // A run that does nothing but reply is over with its reply; of another one only the reply is left out.
  const stop = () => (isReply(run, reply.id) ? commands.skipTask(run.id, reply.id) : commands.stop(run.id));
  return (
    <>
      {said === '' ? (
        <Line>{text('app.conversation.thinks')}</Line>
      ) : (
        <Markdown text={said} openPlace={openPlace} />
      )}
      <Button small icon={CircleStop} disabled={sending} onClick={() => void send(stop)} className="mt-2">
        {text('app.conversation.stop')}
      </Button>
      {refused !== null && <FaultLine fault={refused} />}
    </>
  );
}

function useSaid(run: string, call: string): string {
  const deltas = useRunDeltas(run);
  const subscribe = useCallback(
    (listener: () => void) => deltas.subscribe((calls) => calls.has(call) && listener()),
    [deltas, call],
  );
  return useSyncExternalStore(subscribe, () => deltas.said(call));
}

/** A reply that is there: its words, labelled as a model's, how many of its quotes hold, and the way onto the board. */
function Whole({ run, reply, openPlace }: PartProps) {
  const text = useText();
  const execute = reply.steps.execute;
  const { value, fault } = useContent(execute?.status === 'done' ? execute.output : null);
  const spoken = value === null ? null : spokenOf(value);
  if (fault !== null) return <FaultLine fault={fault} />;
  if (value === null) return <Line>{text('app.conversation.reading')}</Line>;
  if (spoken === null) return <Line>{text('app.conversation.nothing')}</Line>;
  const whose = text('app.conversation.words', { model: spoken.model ?? 'none' });
  const held = reply.evidence.filter(({ verdict }) => verdict.checked).length;
  return (
    <>
      <Markdown text={spoken.reply} openPlace={openPlace} />
      <footer className="mt-2 flex flex-wrap items-center gap-2 text-meta text-ink-3">
        <span>{whose}</span>
        {reply.evidence.length > 0 && (
          <Chip icon={Quote}>{text('app.conversation.quotes', { held, quotes: reply.evidence.length })}</Chip>
        )}
        <PinButton run={run} words={`${spoken.reply.trimEnd()}\n\n*${whose}*`} />
      </footer>
    </>
  );
}

/** What a reply's task came to: its words, and whose they are. Null for what is none. */
function spokenOf(json: string): { readonly reply: string; readonly model: string | null } | null {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return null;
    const { reply, model }: { readonly reply?: unknown; readonly model?: unknown } = value;
    return typeof reply === 'string' ? { reply, model: typeof model === 'string' ? model : null } : null;
  } catch {
    return null;
  }
}

/** Puts the reply on the run's board as a note, with whose words they are. */
function PinButton({ run, words }: { readonly run: RunState; readonly words: string }) {
  const text = useText();
  const { link } = useClient();
  const [pinned, setPinned] = useState(false);
  const pin = () => {
    pinNote({ canvases: link.canvases, run, words });
    setPinned(true);
  };
  return (
    <Button
      small
      kind="quiet"
      icon={pinned ? Check : Pin}
      disabled={pinned}
      onClick={pin}
      className="ms-auto"
    >
      {text(pinned ? 'app.conversation.pinned' : 'app.conversation.pin')}
    </Button>
  );
}
