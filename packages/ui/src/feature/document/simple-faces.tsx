import type { NodeOf, OpenCanvas } from '@soma/schemas/canvas';
import { ExternalLink, Frame, Link as LinkIcon } from 'lucide-react';
import { useClient, useText } from '../../client/index.ts';
import { Card, GroupFrame, IconButton } from '../../design/index.ts';

export interface LinkFaceProps {
  readonly node: NodeOf<'link'>;
  readonly selected: boolean;
}

/** An address. It says so that nothing was fetched from it. */
export function LinkFace({ node, selected }: LinkFaceProps) {
  const text = useText();
  const { platform } = useClient();
  return (
    <Card
      icon={LinkIcon}
      title={hostOf(node.url)}
      color={node.colour}
      selected={selected}
      className="h-full overflow-hidden"
      aside={
        <IconButton
          small
          icon={ExternalLink}
          label={text('app.document.openOutside', { url: node.url })}
          onClick={() => platform.openExternal(node.url)}
          className="nodrag"
        />
      }
    >
      <span className="cut block text-ink-2" title={node.url} dir="ltr">
        {node.url}
      </span>
      <span className="text-ink-3">{text('app.document.notFetched')}</span>
    </Card>
  );
}

/** The host of an address, or the address itself when it has none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host || url : url;
}

export interface GroupFaceProps {
  readonly canvas: OpenCanvas;
  readonly node: NodeOf<'group'>;
  readonly selected: boolean;
  readonly editing: boolean;
  readonly onDone: () => void;
}

/** A frame around other nodes, with its name. */
export function GroupFace({ canvas, node, selected, editing, onDone }: GroupFaceProps) {
  const text = useText();
  const name = node.label ?? text('app.document.group');
  const rename = (label: string) => {
    canvas.apply([{ type: 'set-label', on: 'node', id: node.id, label: label.trim() === '' ? null : label }]);
    onDone();
  };
  const field = (
    <input
      // biome-ignore lint/a11y/noAutofocus: the person asked to edit this name.
      autoFocus
      aria-label={text('app.document.groupName')}
      defaultValue={node.label ?? ''}
      className="nodrag w-full rounded-mark bg-card px-1 outline-none"
      onBlur={(event) => rename(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        const field = event.currentTarget;
        if (event.key === 'Escape') field.value = node.label ?? '';
        // Leaving the field ends the edit; the focus stays with the group.
        field.closest<HTMLElement>('.react-flow__node')?.focus({ preventScroll: true });
      }}
    />
  );
  return (
    <GroupFrame
      icon={Frame}
      title={editing ? field : name}
      selected={selected}
      className="h-full"
      {...(node.colour !== undefined && { color: node.colour })}
    />
  );
}
