import { BotMessageSquare, LayoutGrid, StickyNote } from 'lucide-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import {
  useCanvas,
  useClient,
  useCommands,
  useFolder,
  useFormats,
  usePlanMatches,
  useRuns,
  useText,
  useView,
  useViewStore,
  useWorkspace,
} from '../../client/index.ts';
import {
  Keys,
  PaletteGroup,
  PaletteItem,
  type PaletteItemProps,
  Palette as PaletteShell,
  StateIcon,
} from '../../design/index.ts';
import { phaseLook } from '../run/look.ts';
import { revealNode } from './board-actions.ts';
import { type Found, findCommands, findPlaces } from './find.ts';
import { capsOf, isMac } from './keys.ts';
import { useBoardNotes } from './use-board-notes.ts';
import { useNow } from './use-commands.ts';

const ASK = 'ask';

/** Everything that can be done or opened, found by a few letters; starting work comes last, so that Enter never does it by accident. */
export function Palette() {
  const open = useView(({ overlay }) => overlay === 'palette');
  const view = useViewStore();
  const [query, setQuery] = useState('');
  const onOpenChange = (shown: boolean) => {
    setQuery('');
    view.setOverlay(shown ? 'palette' : null);
  };
  return open ? <OpenPalette query={query} setQuery={setQuery} onOpenChange={onOpenChange} /> : null;
}

interface OpenPaletteProps {
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly onOpenChange: (open: boolean) => void;
}

function OpenPalette({ query, setQuery, onOpenChange }: OpenPaletteProps) {
  const text = useText();
  const now = useNow();
  const found = useFound(query);
  const first = [...found.commands, ...found.places].find(
    (each) => each.kind !== 'command' || each.blocked === null,
  );
  const [moved, setMoved] = useState<{ readonly query: string; readonly id: string } | null>(null);
  const asking = useAsk(query.trim(), () => onOpenChange(false));
  const selected = moved?.query === query ? moved.id : (first?.id ?? '');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    if (asking.reason === null) asking.start();
  };
  const choose = (each: Found) => {
    onOpenChange(false);
    go(each, now);
  };
  return (
    <PaletteShell
      open
      onOpenChange={onOpenChange}
      label={text('app.palette.label')}
      query={query}
      onQueryChange={setQuery}
      placeholder={text('app.palette.placeholder')}
      scope={<Keys keys={['Esc']} />}
      selected={selected}
      onSelectedChange={(id) => setMoved({ query, id })}
      empty={text('app.palette.empty', { query })}
      footer={<Footer />}
      onKeyDown={onKeyDown}
    >
      {found.commands.length > 0 && (
        <PaletteGroup title={text('app.palette.commands')} count={found.commands.length}>
          {found.commands.map((each) => (
            <FoundItem key={each.id} found={each} onSelect={() => choose(each)} />
          ))}
        </PaletteGroup>
      )}
      {found.places.length > 0 && (
        <PaletteGroup title={text('app.palette.places')} count={found.places.length}>
          {found.places.map((each) => (
            <FoundItem key={each.id} found={each} onSelect={() => choose(each)} />
          ))}
        </PaletteGroup>
      )}
      {query.trim() !== '' && (
        <PaletteGroup title={text('app.palette.ask')}>
          <PaletteItem
            id={ASK}
            icon={BotMessageSquare}
            title={text('app.palette.asGoal', { goal: query.trim() })}
            detail={asking.reason === null ? asking.plan : undefined}
            end={asking.reason ?? undefined}
            keys={asking.reason === null ? capsOf('Mod+Enter', isMac(navigator)) : undefined}
            blocked={asking.reason !== null}
            onSelect={asking.start}
          />
        </PaletteGroup>
      )}
    </PaletteShell>
  );
}

function useFound(query: string) {
  const text = useText();
  const now = useNow();
  const { canvases } = useWorkspace();
  const runs = useRuns();
  const notes = useBoardNotes(now.view.canvas);
  return useMemo(
    () => ({
      commands: findCommands(query, now, ({ title }) => text(title)),
      places: query.trim() === '' ? [] : findPlaces(query, { canvases, runs, notes }),
    }),
    [query, now, text, canvases, runs, notes],
  );
}

/** Starting what was typed as a goal, on the open board and folder. */
function useAsk(goal: string, close: () => void) {
  const text = useText();
  const { view } = useClient();
  const commands = useCommands();
  const canvas = useCanvas();
  const folder = useFolder();
  const best = usePlanMatches(goal, folder?.id ?? null).value?.find(({ score }) => score > 0) ?? null;
  const plan = best === null ? undefined : text('app.palette.suggested', { plan: best.name });
  const start = () => {
    if (canvas === null || folder === null) return;
    close();
    const wish = { text: goal, folder: folder.id, canvas: canvas.id, plan: best?.name ?? null };
    void commands.submitGoal(wish).then((answer) => {
      if (!answer.ok) return;
      view.openCanvas(canvas.id);
      view.showRun(answer.run);
    });
  };
  const reason =
    folder === null || canvas === null
      ? text('app.goal.noFolder')
      : best === null
        ? text('app.palette.noPlan')
        : null;
  return { plan, reason, start };
}

function FoundItem({ found, onSelect }: { readonly found: Found; readonly onSelect: () => void }) {
  const text = useText();
  const formats = useFormats();
  const shared = { id: found.id, title: found.title, matches: found.matches, onSelect };
  switch (found.kind) {
    case 'command': {
      const { command, blocked } = found;
      const [chord] = command.keys;
      const end: Partial<PaletteItemProps> =
        blocked === null
          ? chord === undefined
            ? {}
            : { keys: capsOf(chord, isMac(navigator)) }
          : { blocked: true, end: text(blocked) };
      return <PaletteItem {...shared} {...end} icon={command.icon} />;
    }
    case 'canvas':
      return <PaletteItem {...shared} icon={LayoutGrid} end={text('app.palette.canvas')} />;
    case 'run': {
      const { phase, submittedAt } = found.run;
      const look = phaseLook(phase);
      return (
        <PaletteItem
          {...shared}
          mark={<StateIcon state={look} label={text(`app.state.${phase}`)} />}
          end={text('app.palette.run', { age: formats.age(submittedAt, Date.now()) })}
        />
      );
    }
    case 'note':
      return <PaletteItem {...shared} icon={StickyNote} end={text('app.palette.note')} />;
    default:
      return found satisfies never;
  }
}

function go(found: Found, now: ReturnType<typeof useNow>): void {
  const { view } = now.client;
  switch (found.kind) {
    case 'command':
      found.command.run(now);
      break;
    case 'canvas':
      view.openCanvas(found.canvas);
      break;
    case 'run':
      view.openCanvas(found.run.canvas);
      view.select({ kind: 'run', run: found.run.run }, { reveal: true });
      break;
    case 'note':
      view.openPage('canvas');
      revealNode(found.note);
      break;
    default:
      found satisfies never;
  }
}

function Footer() {
  const text = useText();
  const mac = isMac(navigator);
  return (
    <>
      <span className="inline-flex items-center gap-1.5">
        <Keys keys={['↑', '↓']} />
        {text('app.palette.move')}
      </span>
      <span className="inline-flex items-center gap-1.5">
        <Keys keys={['Enter']} />
        {text('app.palette.do')}
      </span>
      <span className="ms-auto inline-flex items-center gap-1.5">
        <Keys keys={capsOf('Mod+Enter', mac)} />
        {text('app.palette.start')}
      </span>
    </>
  );
}
