import { useState } from 'react';
import { useText } from '../../client/index.ts';
import { Palette, PaletteGroup, PaletteItem } from '../../design/index.ts';
import { nameOf } from '../document/index.ts';
import { useBoard } from './board-context.tsx';
import { connect } from './board-edit.ts';
import { readingOrder } from './flow.ts';

export interface ConnectPickerProps {
  /** The node the line begins at. */
  readonly from: string;
  /** Ends the choice; the node that was chosen, or null. */
  readonly onDone: (to: string | null) => void;
}

/** The other end of a line, by name: the keyboard's way to draw one. */
export function ConnectPicker({ from, onDone }: ConnectPickerProps) {
  const text = useText();
  const board = useBoard();
  const [query, setQuery] = useState('');
  const nodes = readingOrder(board.store.getState().nodes).flatMap(({ id, data: { node } }) => {
    if (node === undefined || id === from) return [];
    return [{ id, kind: node.kind, name: nameOf(node) || text(`app.kind.${node.kind}`) }];
  });
  const wanted = query.trim().toLocaleLowerCase();
  const found = nodes.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  return (
    <Palette
      open
      onOpenChange={(open) => {
        if (!open) onDone(null);
      }}
      label={text('app.canvas.connect.title')}
      query={query}
      onQueryChange={setQuery}
      placeholder={text('app.canvas.connect.placeholder')}
      empty={text('app.canvas.connect.none')}
    >
      {found.length > 0 && (
        <PaletteGroup title={text('app.canvas.connect.nodes')} count={found.length}>
          {found.map(({ id, kind, name }) => (
            <PaletteItem
              key={id}
              id={id}
              title={name}
              end={text(`app.kind.${kind}`)}
              onSelect={() => {
                connect(board, { from, to: id });
                onDone(id);
              }}
            />
          ))}
        </PaletteGroup>
      )}
    </Palette>
  );
}
