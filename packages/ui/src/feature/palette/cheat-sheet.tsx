import { Info, Search } from 'lucide-react';
import { useState } from 'react';
import { useText, useView, useViewStore } from '../../client/index.ts';
import { Dialog, Icon, Input, Keys } from '../../design/index.ts';
import { COMMAND_GROUPS, type CommandGroup } from './command.ts';
import { COMMANDS } from './commands.ts';
import { capsOf, isMac } from './keys.ts';
import { rank } from './rank.ts';

/** Every key there is, made from the command table. */
export function CheatSheet() {
  const text = useText();
  const view = useViewStore();
  const open = useView(({ overlay }) => overlay === 'shortcuts');
  const [query, setQuery] = useState('');
  const keyed = COMMANDS.filter(({ keys }) => keys.length > 0);
  return (
    <Dialog
      open={open}
      wide
      onOpenChange={(shown) => {
        setQuery('');
        view.setOverlay(shown ? 'shortcuts' : null);
      }}
      title={text('app.palette.sheet.title')}
      note={text('app.palette.sheet.note', { commands: keyed.length })}
      close={text('app.palette.sheet.close')}
      tools={
        <Input
          icon={Search}
          aria-label={text('app.palette.sheet.find')}
          placeholder={text('app.palette.sheet.find')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="w-[150px]"
        />
      }
      footer={
        <>
          <Icon of={Info} size={14} className="text-ink-3" />
          {text('app.palette.sheet.twoMeanings')}
        </>
      }
    >
      <div className="columns-2 gap-8 max-[640px]:columns-1">
        {COMMAND_GROUPS.map((group) => (
          <SheetGroup key={group} group={group} query={query} />
        ))}
      </div>
    </Dialog>
  );
}

function SheetGroup({ group, query }: { readonly group: CommandGroup; readonly query: string }) {
  const text = useText();
  const mac = isMac(navigator);
  const lines = COMMANDS.flatMap((command) => {
    const [chord] = command.keys;
    if (command.group !== group || chord === undefined) return [];
    const title = text(command.title);
    const caps = capsOf(chord, mac);
    const found = rank(query, title) !== null || caps.join(' ').toLowerCase() === query.trim().toLowerCase();
    return found ? [{ id: command.id, title, caps }] : [];
  });
  if (lines.length === 0) return null;
  return (
    <section className="mb-3 break-inside-avoid">
      <h3 className="border-b border-line pb-1 text-meta font-medium text-ink-3">
        {text(`app.palette.group.${group}`)}
      </h3>
      <dl className="pt-1">
        {lines.map(({ id, title, caps }) => (
          <div key={id} data-command={id} className="flex min-h-6.5 items-center gap-2">
            <dt className="cut flex-1">{title}</dt>
            <dd>
              <Keys keys={caps} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
