import { ChevronRight, Inbox, PanelBottom, PanelLeft, PanelRight, Search } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import {
  useAsked,
  useCanvas,
  useClient,
  useCommands,
  useFolder,
  useHost,
  useText,
  useView,
  useViewStore,
} from '../../client/index.ts';
import { Avatar, Count, Icon, IconButton, Keys } from '../../design/index.ts';
import { capsOf, isMac } from '../palette/keys.ts';

/** Where one is, the way to everything else, who is here, and the panels. */
export function TopBar() {
  const text = useText();
  const view = useViewStore();
  const { platform } = useClient();
  const panels = useView((state) => state.panels);
  // Approvals have the window to themselves: a panel's button would do nothing that is seen.
  const beside = useView(({ page }) => page !== 'approvals');
  const mac = isMac(navigator);
  return (
    <header
      className="grid h-11 flex-none grid-cols-[minmax(0,1fr)_minmax(140px,380px)_minmax(0,1fr)] items-center gap-3 border-b border-line bg-app px-2.5"
      style={{ paddingInlineStart: 10 + platform.buttonsRoom }}
    >
      <div className="flex min-w-0 items-center gap-2">
        <IconButton
          icon={PanelLeft}
          label={text(panels.sidebar ? 'app.shell.sidebar.hide' : 'app.shell.sidebar.show')}
          keys={capsOf('Mod+B', mac)}
          onClick={() => view.togglePanel('sidebar')}
        />
        <Crumbs />
      </div>
      <button
        type="button"
        onClick={() => view.setOverlay('palette')}
        className="flex min-h-7 min-w-0 items-center gap-2.5 rounded-control bg-hover px-3 text-start text-ink-3 transition-colors hover:bg-active sharp:border sharp:border-line"
      >
        <Icon of={Search} size={14} />
        <span className="cut flex-1">{text('app.shell.search')}</span>
        <Keys keys={capsOf('Mod+K', mac)} />
      </button>
      <div className="flex items-center justify-end gap-1">
        <Person />
        <Approvals />
        {beside && (
          <>
            <IconButton
              icon={PanelBottom}
              label={text('app.shell.drawer')}
              keys={capsOf('Mod+J', mac)}
              pressed={panels.drawer}
              onClick={() => view.togglePanel('drawer')}
            />
            <IconButton
              icon={PanelRight}
              label={text('app.shell.inspector')}
              keys={capsOf('Mod+Alt+B', mac)}
              pressed={panels.inspector}
              onClick={() => view.togglePanel('inspector')}
            />
          </>
        )}
      </div>
    </header>
  );
}

function Crumbs() {
  const text = useText();
  const folder = useFolder();
  const canvas = useCanvas();
  const page = useView((view) => view.page);
  return (
    <nav aria-label={text('app.shell.path')} className="flex min-w-0 items-center gap-1.5 font-medium">
      {folder !== null && (
        <>
          <span className="cut max-w-44" title={folder.path}>
            {folder.name}
          </span>
          <Icon of={ChevronRight} size={14} className="text-ink-3" />
        </>
      )}
      {page === 'canvas' && canvas !== null ? (
        <CanvasTitle key={canvas.id} canvas={canvas.id} title={canvas.title} />
      ) : (
        <span className="cut">{text(page === 'canvas' ? 'app.name' : `app.shell.page.${page}`)}</span>
      )}
    </nav>
  );
}

/** The board's name; pressing it lets a person change it. */
function CanvasTitle({ canvas, title }: { readonly canvas: string; readonly title: string }) {
  const text = useText();
  const commands = useCommands();
  const [editing, setEditing] = useState(false);
  const finish = (name: string) => {
    setEditing(false);
    const wanted = name.trim();
    if (wanted !== '' && wanted !== title) void commands.renameCanvas(canvas, wanted);
  };
  if (!editing) {
    return (
      <button
        type="button"
        title={text('app.shell.rename')}
        onClick={() => setEditing(true)}
        className="cut min-h-6 rounded-mark px-1 -mx-1 hover:bg-hover"
      >
        {title}
      </button>
    );
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') finish(event.currentTarget.value);
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    setEditing(false);
  };
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the person asked to edit this name.
      autoFocus
      aria-label={text('app.shell.canvasName')}
      defaultValue={title}
      maxLength={200}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      className="min-h-6 min-w-0 flex-1 rounded-mark bg-card px-1 -mx-1 outline-2 outline-accent"
    />
  );
}

function Person() {
  const { person } = useHost();
  const initials = person.name
    .split(/\s+/)
    .filter((part) => part !== '')
    .slice(0, 2)
    .map((part) => part.slice(0, 1).toLocaleUpperCase())
    .join('');
  return (
    <span className="me-2 flex">
      <Avatar hue="p1" name={person.name} initials={initials} />
    </span>
  );
}

/** There only while something waits for a person, or was decided in the runs that are known. */
function Approvals() {
  const text = useText();
  const view = useViewStore();
  const { waiting, decided } = useAsked();
  if (waiting + decided === 0) return null;
  return (
    <IconButton
      icon={Inbox}
      label={waiting > 0 ? text('app.shell.approvalsWaiting', { waiting }) : text('app.shell.page.approvals')}
      onClick={() => view.openPage('approvals')}
    >
      {waiting > 0 && <Count corner>{waiting}</Count>}
    </IconButton>
  );
}
