import type { CallPreview, FileChange, LeftInFile } from '@soma/schemas/event';
import { useState } from 'react';
import { useFormats, useText } from '../../client/index.ts';
import { Button, DescriptionList, PathText } from '../../design/index.ts';
import { FileDifference } from '../change/index.ts';
import { placeOf } from './question.ts';

/** Files listed at once. */
const LISTED = 100;

export interface PreviewBodyProps {
  readonly shown: CallPreview;
  readonly folder: string;
  /** In a card: no file is opened at first, and none side by side. */
  readonly narrow?: boolean;
}

/** What the call will do: the change of each file, the command, or the address. */
export function PreviewBody({ shown, folder, narrow = false }: PreviewBodyProps) {
  const text = useText();
  const formats = useFormats();
  switch (shown.kind) {
    case 'files':
      return (
        <ChangedFiles files={shown.changes.files} left={shown.left ?? []} folder={folder} narrow={narrow} />
      );
    case 'command':
      return (
        <div className="flex min-w-0 flex-col gap-2">
          <Shown label={text('app.approval.command.text')}>{shown.command}</Shown>
          <DescriptionList
            facts={[
              {
                id: 'folder',
                name: text('app.approval.command.folder'),
                value: <PathText path={shown.folder} />,
              },
              {
                id: 'limit',
                name: text('app.approval.command.limit'),
                value: formats.duration(shown.limitSeconds * 1000),
              },
              {
                id: 'rights',
                name: text('app.approval.command.rights'),
                value: text('app.approval.command.yours'),
              },
            ]}
          />
        </div>
      );
    case 'turn':
      return <SentTurn shown={shown} />;
    case 'request':
      return <Shown label={text('app.approval.request.text')}>{shown.url}</Shown>;
    default:
      return shown satisfies never;
  }
}

/** What a model will be sent, message by message, and what of it was left out. */
function SentTurn({ shown }: { readonly shown: Extract<CallPreview, { kind: 'turn' }> }) {
  const text = useText();
  const { model, parts, turn } = shown;
  const size = parts.map(({ name, tokens, left }) => ({
    id: name,
    name: text(`app.approval.turn.part.${name}`),
    value: `${text('app.approval.turn.tokens', { tokens })}${left === 0 ? '' : `, ${text('app.approval.turn.left', { left })}`}`,
  }));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <DescriptionList
        facts={[
          { id: 'model', name: text('app.approval.turn.model'), value: model.model },
          {
            id: 'place',
            name: text('app.approval.turn.place'),
            value: model.local ? text('app.approval.turn.here') : placeOf(shown),
          },
          ...size,
        ]}
      />
      <Shown label={text('app.approval.turn.text')}>
        {turn.messages
          .map(({ role, parts: said }) => {
            const words = said.map((part) => ('text' in part ? part.text : part.type));
            return `${text(`app.approval.turn.role.${role}`)}\n${words.join('\n\n')}`;
          })
          .join('\n\n')}
      </Shown>
    </div>
  );
}

/** A command or an address, whole. */
function Shown({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    <section
      aria-label={label}
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className="max-h-[40vh] overflow-auto rounded-control border border-line bg-sunken px-3 py-2 -outline-offset-2"
    >
      <pre className="break-words whitespace-pre-wrap">{children}</pre>
    </section>
  );
}

interface ChangedFilesProps {
  readonly files: readonly FileChange[];
  readonly left: readonly LeftInFile[];
  readonly folder: string;
  readonly narrow: boolean;
}

function ChangedFiles({ files, left, folder, narrow }: ChangedFilesProps) {
  const text = useText();
  const [first] = files;
  const alone = files.length === 1;
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(first === undefined || (narrow && !alone) ? [] : [first.path]),
  );
  const [listed, setListed] = useState(LISTED);
  const toggle = (path: string) => {
    const next = new Set(open);
    if (!next.delete(path)) next.add(path);
    setOpen(next);
  };
  const more = files.length - listed;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {files.slice(0, listed).map((change) => (
        <FileDifference
          key={change.path}
          change={change}
          left={left.find(({ path }) => path === change.path)}
          folder={folder}
          narrow={narrow}
          alone={alone}
          open={open.has(change.path)}
          onToggle={() => toggle(change.path)}
        />
      ))}
      {more > 0 && (
        <Button small className="self-start" onClick={() => setListed(listed + LISTED)}>
          {text('app.change.more', { count: Math.min(more, LISTED) })}
        </Button>
      )}
    </div>
  );
}
