import type { NodeOf } from '@soma/schemas/canvas';
import { ExternalLink, FileCode } from 'lucide-react';
import { useClient, useFaultText, useFile, useFolder, useText } from '../../client/index.ts';
import { Card, type CodeLine, CodeLines, IconButton, PathText } from '../../design/index.ts';

/** Lines shown before the one that is named, so that it is seen in its place. */
const BEFORE = 2;
const LINE_HEIGHT = 17;
const HEAD = 56;

export interface FileFaceProps {
  readonly node: NodeOf<'file'>;
  readonly selected: boolean;
}

/** A file of the folder: its name, how long it is, and the lines around the one that is named. */
export function FileFace({ node, selected }: FileFaceProps) {
  const text = useText();
  const faultText = useFaultText();
  const { view } = useClient();
  const folder = useFolder();
  const { value, fault } = useFile(folder?.id ?? null, node.path);
  const room = Math.max(1, Math.floor((node.height - HEAD) / LINE_HEIGHT));
  const lines = value === null ? [] : linesAround(value.text, node.line ?? null, room);
  const open = () => {
    if (folder !== null) view.openCode({ folder: folder.id, path: node.path, line: node.line ?? null });
  };
  return (
    <Card
      icon={FileCode}
      title={<PathText path={node.path} />}
      note={value === null ? undefined : text('app.document.lines', { lines: value.lines })}
      aside={
        <IconButton
          small
          icon={ExternalLink}
          label={text('app.document.open', { path: node.path })}
          onClick={open}
          className="nodrag"
        />
      }
      color={node.colour}
      selected={selected}
      className="h-full overflow-hidden"
    >
      {fault !== null && <span className="text-ink-3">{faultText(fault).title}</span>}
      {value !== null && (
        <CodeLines small lines={lines} label={text('app.document.lineRange', { path: node.path })} />
      )}
    </Card>
  );
}

/** As many lines of a file, around the one that is cited. */
export function linesAround(text: string, cited: number | null, room: number): readonly CodeLine[] {
  const all = text.split('\n');
  const first = cited === null ? 1 : Math.max(1, Math.min(cited - BEFORE, all.length - room + 1));
  return all.slice(first - 1, first - 1 + room).map((line, index) => ({
    line: first + index,
    text: line,
    kind: first + index === cited ? 'cited' : 'same',
  }));
}
