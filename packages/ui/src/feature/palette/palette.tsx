import type { ListedPlan } from '@soma/schemas/contract';
import { BotMessageSquare, LayoutGrid, Package, StickyNote } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import {
  useCanvas,
  useFolder,
  useFormats,
  usePlanMatches,
  usePlans,
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
import { useStart } from '../goal/use-start.ts';
import { phaseLook } from '../run/look.ts';
import { revealNode } from './board-actions.ts';
import { bestOf, type Found, findCommands, findPlaces, isBlocked } from './find.ts';
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
  const first = found.flatMap(({ items }) => items).find((each) => !isBlocked(each));
  const [moved, setMoved] = useState<{ readonly query: string; readonly id: string } | null>(null);
  const walked = useRef<string | null>(null);
  const asking = useAsk(query.trim(), () => onOpenChange(false));
  const selected = moved?.query === query ? moved.id : (first?.id ?? `none/${query}`);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp' || event.key === 'End') walked.current = query;
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
      onSelectedChange={(id) => {
        if (id !== ASK || walked.current === query) setMoved({ query, id });
      }}
      empty={text('app.palette.empty', { query })}
      footer={<Footer />}
      onKeyDown={onKeyDown}
    >
      {found.map(({ title, items }) => (
        <PaletteGroup key={title} title={text(title)} count={items.length}>
          {items.map((each) => (
            <FoundItem key={each.id} found={each} onSelect={() => choose(each)} />
          ))}
        </PaletteGroup>
      ))}
      {query.trim() !== '' && (
        <AskItem goal={query.trim()} asking={asking} isWalked={() => walked.current === query} />
      )}
    </PaletteShell>
  );
}

interface AskItemProps {
  readonly goal: string;
  readonly asking: ReturnType<typeof useAsk>;
  /** Whether the arrow keys were used since this was typed. */
  readonly isWalked: () => boolean;
}

/** Starts what was typed as a goal, when it was walked to or pressed: never because nothing else was found. */
function AskItem({ goal, asking, isWalked }: AskItemProps) {
  const text = useText();
  const pressed = useRef(false);
  const { reason, plan, start } = asking;
  const can = reason === null;
  return (
    <PaletteGroup title={text('app.palette.ask')}>
      <div
        onPointerDown={() => {
          pressed.current = true;
        }}
      >
        <PaletteItem
          id={ASK}
          icon={BotMessageSquare}
          title={text('app.palette.asGoal', { goal })}
          detail={can ? plan : undefined}
          end={reason ?? undefined}
          keys={can ? capsOf('Mod+Enter', isMac(navigator)) : undefined}
          blocked={!can}
          onSelect={() => {
            if (isWalked() || pressed.current) start();
          }}
        />
      </div>
    </PaletteGroup>
  );
}

/** What answers a query, by kind; the kind with the best match stands first. */
function useFound(query: string) {
  const text = useText();
  const now = useNow();
  const { canvases } = useWorkspace();
  const runs = useRuns();
  const notes = useBoardNotes(now.view.canvas);
  const { value: plans } = usePlans(true);
  return useMemo(() => {
    const commands = findCommands(query, now, ({ title }) => text(title));
    const places =
      query.trim() === ''
        ? []
        : findPlaces(query, { canvases, runs, notes, plans: plans?.filter(({ own }) => own) ?? [] });
    const groups = [
      { title: 'app.palette.commands', items: commands },
      { title: 'app.palette.places', items: places.filter(({ kind }) => kind !== 'plan') },
      { title: 'app.ownPlans.title', items: places.filter(({ kind }) => kind === 'plan') },
    ];
    return groups.filter(({ items }) => items.length > 0).sort((a, b) => bestOf(b.items) - bestOf(a.items));
  }, [query, now, text, canvases, runs, notes, plans]);
}

/** Starting what was typed as a goal about the open folder. */
function useAsk(goal: string, close: () => void) {
  const text = useText();
  const folder = useFolder();
  const board = useCanvas();
  const begin = useStart();
  const best = usePlanMatches(goal, folder?.id ?? null).value?.find(({ fits }) => fits) ?? null;
  const plan = best === null ? undefined : text('app.palette.suggested', { plan: best.name });
  const start = () => {
    close();
    void begin({ text: goal, plan: best?.name ?? null, slots: {} });
  };
  const none = goal === '' || best === null;
  const nowhere = folder === null || board === null;
  const reason = nowhere ? text('app.goal.noFolder') : none ? text('app.palette.noPlan') : null;
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
    case 'plan':
      return <PaletteItem {...shared} icon={Package} end={text(planEnd(found.plan))} />;
    default:
      return found satisfies never;
  }
}

function planEnd({ faults }: ListedPlan): string {
  return faults.length > 0 ? 'app.palette.planNotUsed' : 'app.palette.ownPlan';
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
    case 'plan':
      if (found.plan.faults.length > 0) view.setOverlay('plans');
      else {
        view.setDraft({ plan: found.plan.name });
        now.focusGoal();
      }
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
