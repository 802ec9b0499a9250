import type { Recording } from '@soma/schemas/contract';
import { runStream } from '@soma/schemas/event';
import { phaseOf } from '@soma/schemas/run';
import { MessageSquare, Pencil } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import {
  useCommands,
  useContent,
  useFormats,
  useRunStates,
  useRuns,
  useText,
  useView,
  useViewStore,
} from '../../client/index.ts';
import { Icon, IconButton, Panel, StateChip } from '../../design/index.ts';
import { phaseLook } from '../run/look.ts';
import { useSend } from '../run/use-send.ts';
import { Reply } from './reply.tsx';
import { replyLook, type Saying, sayingsOf, talkOf } from './thread.ts';
import { useEnd } from './use-end.ts';
import { WordsField } from './words-field.tsx';

/** What was said to a run and to those that go on from it, and the field to say more. Nothing while none is open. */
export function ChatPanel({ className }: { readonly className?: string }) {
  const run = useView(({ conversation }) => conversation);
  return run === null ? null : <Talk key={run} run={run} className={className} />;
}

function Talk({ run, className }: { readonly run: string; readonly className?: string }) {
  const text = useText();
  const view = useViewStore();
  const rows = useRuns();
  const talk = useMemo(() => talkOf(rows, run), [rows, run]);
  const states = useRunStates(talk);
  const sayings = sayingsOf(states);
  const close = () => view.openConversation(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Escape puts the panel away, and never pauses the run behind it.
    event.stopPropagation();
    close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears Escape from the controls inside.
    <div className={className} onKeyDown={onKeyDown}>
      <Panel
        className="h-full"
        mark={<Icon of={MessageSquare} size={18} className="text-ink-3" />}
        title={text('app.conversation.title')}
        subtitle={text('app.conversation.about')}
        close={{ label: text('app.conversation.close'), keys: ['Esc'], onClose: close }}
        footer={<Say run={talk.at(-1) ?? run} />}
      >
        <Sayings sayings={sayings} />
      </Panel>
    </div>
  );
}

function Sayings({ sayings }: { readonly sayings: readonly Saying[] }) {
  const text = useText();
  const [box, inside] = [useRef<HTMLDivElement>(null), useRef<HTMLOListElement>(null)];
  useEnd(box, inside);
  const last = sayings.findLast(({ reply }) => reply !== null);
  return (
    <>
      <div
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={text('app.conversation.list')}
        className="min-h-0 flex-1 overflow-y-auto px-4 pb-4 -outline-offset-2"
      >
        <ol ref={inside} className="flex flex-col gap-4">
          {sayings.map((saying) => (
            <Said key={saying.id} saying={saying} />
          ))}
        </ol>
      </div>
      <p role="status" className="sr-only">
        {last !== undefined && text(`app.conversation.state.${replyLook(last).replace('-', '_')}`)}
      </p>
    </>
  );
}

/** Words of a person, then what came of them. */
function Said({ saying }: { readonly saying: Saying }) {
  const text = useText();
  const formats = useFormats();
  const words = useContent(saying.words).value ?? '';
  const [editing, edit] = useState(false);
  const phase = phaseOf(saying.run);
  return (
    <li className="flex flex-col gap-2">
      {editing ? (
        <SayAgain saying={saying} words={words} onDone={() => edit(false)} />
      ) : (
        <div className="group/said ms-8 rounded-card border border-line-2 bg-card px-3 py-2">
          <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
            {words}
          </p>
          <p className="mt-1 flex min-h-6 items-center gap-2 text-meta text-ink-3">
            <span>{text(saying.isGoal ? 'app.conversation.goal' : 'app.conversation.you')}</span>
            <bdi title={formats.exact(saying.at)}>{formats.age(saying.at, Date.now())}</bdi>
            {saying.again !== null && (
              <IconButton
                small
                icon={Pencil}
                label={text('app.conversation.edit')}
                onClick={() => edit(true)}
                className="ms-auto"
              />
            )}
          </p>
        </div>
      )}
      {saying.isGoal && (
        <div>
          <StateChip state={phaseLook(phase)}>{text(`app.state.${phase}`)}</StateChip>
        </div>
      )}
      {!saying.isGoal && (
        <div>
          <Reply saying={saying} />
        </div>
      )}
    </li>
  );
}

/** Where more is said, to the last run of the talk. */
function Say({ run }: { readonly run: string }) {
  const text = useText();
  const commands = useCommands();
  const { sending, refused, send } = useSend();
  return (
    <WordsField
      label={text('app.conversation.field')}
      placeholder={text('app.conversation.placeholder')}
      send={text('app.conversation.send')}
      sending={sending}
      refused={refused}
      onSend={(words) => send(() => commands.say(run, words))}
    />
  );
}

interface SayAgainProps {
  readonly saying: Saying;
  readonly words: string;
  readonly onDone: () => void;
}

/** What was said, to be said otherwise: in a branch from before it, or to the ended run again. What came of it stays where it is. */
function SayAgain({ saying, words, onDone }: SayAgainProps) {
  const text = useText();
  const view = useViewStore();
  const commands = useCommands();
  const { sending, refused, send } = useSend();
  const { again, run } = saying;
  // A branch that was made is the one to speak to, also where the first try to do so is refused.
  const branch = useRef<string | null>(null);
  if (again === null) return null;
  const toBranch = async (at: number): Promise<Recording> => {
    const wish = { run: again.run, sequence: at, approve: run.approve, paused: false };
    const forked = await commands.fork(wish);
    if (!forked.ok) return forked;
    branch.current = forked.run;
    return { ok: true, stream: runStream(forked.run), sequence: at };
  };
  const onSend = async (changed: string) => {
    let answers = again.run;
    const say = async () => {
      const recording = await commands.say(branch.current ?? again.run, changed);
      if (recording.ok) answers = recording.stream.slice(runStream('').length);
      return recording;
    };
    const sent = await send(
      ...(again.by === 'fork' && branch.current === null ? [() => toBranch(again.sequence)] : []),
      say,
    );
    if (!sent) return false;
    onDone();
    view.openConversation(answers);
    return true;
  };
  return (
    <WordsField
      first={words}
      label={text('app.conversation.edit')}
      send={text(again.by === 'fork' ? 'app.conversation.branch' : 'app.conversation.again')}
      sending={sending}
      refused={refused}
      onSend={onSend}
      onCancel={onDone}
    />
  );
}
