import {
  ChevronsUpDown,
  CircleHelp,
  Cpu,
  FolderOpen,
  FolderPlus,
  History,
  Inbox,
  LayoutGrid,
  Plus,
  RotateCcw,
  Settings,
} from 'lucide-react';
import {
  type Page,
  useAsked,
  useFolder,
  useFormats,
  useInterrupted,
  useRuns,
  useText,
  useView,
  useViewStore,
  useWorkspace,
} from '../../client/index.ts';
import { Count, Icon, IconButton, Menu, type MenuItem, Row, RowGroup } from '../../design/index.ts';
import { useNewCanvas, useOpenFolder, useOpenPath } from '../goal/open-folder.ts';
import { phaseLook } from '../run/look.ts';
import { useOpenRun } from '../run/use-open-run.ts';
import { useFolderRight } from './rights.ts';

/** Recent runs shown; the page of runs has them all. */
const RECENT = 6;

/** The workspace: its pages, boards, recent runs and folders. */
export function Sidebar() {
  const text = useText();
  const view = useViewStore();
  return (
    <nav
      aria-label={text('app.shell.sidebar.label')}
      className="flex h-full min-h-0 flex-col bg-app px-2 pt-2.5 pb-2"
    >
      <Workspace />
      <div className="min-h-0 flex-1 overflow-y-auto pb-2">
        <Pages />
        <Canvases />
        <RecentRuns />
        <Folders />
      </div>
      <Row icon={Settings} onClick={() => view.setOverlay('settings')}>
        {text('app.shell.settings')}
      </Row>
      <Row icon={CircleHelp} end={text('app.key.help')} onClick={() => view.setOverlay('shortcuts')}>
        {text('app.shell.help')}
      </Row>
    </nav>
  );
}

/** The open folder, and the way to another. */
function Workspace() {
  const text = useText();
  const folder = useFolder();
  const { folders } = useWorkspace();
  const openPath = useOpenPath();
  const openFolder = useOpenFolder();
  const name = folder?.name ?? text('app.name');
  const items: MenuItem[] = [
    ...folders.map(({ id, name: label, path }) => ({
      id,
      label,
      checked: id === folder?.id,
      onSelect: () => void openPath(path),
    })),
    {
      id: 'open',
      label: text('app.shell.openFolder'),
      icon: FolderPlus,
      parted: folders.length > 0,
      onSelect: openFolder,
    },
  ];
  return (
    <Menu label={text('app.shell.folders')} items={items} align="start">
      <button
        type="button"
        className="mb-2 flex min-h-9 w-full flex-none items-center gap-2.5 rounded-control px-2 text-start transition-colors hover:bg-hover aria-expanded:bg-hover"
      >
        <span
          aria-hidden="true"
          className="mono flex size-5.5 flex-none items-center justify-center rounded-control bg-ink text-meta font-semibold text-app"
        >
          {name.slice(0, 2).toLocaleLowerCase()}
        </span>
        <span className="cut flex-1 text-reading font-semibold">{name}</span>
        <Icon of={ChevronsUpDown} size={14} className="text-ink-3" />
      </button>
    </Menu>
  );
}

function Pages() {
  const text = useText();
  const view = useViewStore();
  const page = useView((state) => state.page);
  const { waiting, decided } = useAsked();
  const cutOff = useInterrupted().length;
  const open = (to: Page) => () => view.openPage(page === to ? 'canvas' : to);
  return (
    <>
      {waiting + decided > 0 && (
        <Row
          icon={Inbox}
          current={page === 'approvals'}
          onClick={open('approvals')}
          end={
            waiting > 0 && <Count label={text('app.shell.approvalsWaiting', { waiting })}>{waiting}</Count>
          }
        >
          {text('app.shell.page.approvals')}
        </Row>
      )}
      {cutOff > 0 && (
        <Row
          icon={RotateCcw}
          current={page === 'interrupted'}
          onClick={open('interrupted')}
          end={<Count label={text('app.resume.waiting', { count: cutOff })}>{cutOff}</Count>}
        >
          {text('app.shell.page.interrupted')}
        </Row>
      )}
      <Row icon={History} current={page === 'runs'} onClick={open('runs')}>
        {text('app.shell.page.runs')}
      </Row>
      <Row icon={Cpu} current={page === 'models'} onClick={open('models')}>
        {text('app.shell.page.models')}
      </Row>
    </>
  );
}

function Canvases() {
  const text = useText();
  const view = useViewStore();
  const { canvases } = useWorkspace();
  const open = useView((state) => (state.page === 'canvas' ? state.canvas : null));
  const newCanvas = useNewCanvas();
  if (canvases.length === 0) return null;
  return (
    <RowGroup
      title={text('app.shell.canvases')}
      action={<IconButton small icon={Plus} label={text('app.shell.newCanvas')} onClick={newCanvas} />}
    >
      {canvases.map(({ id, title }) => (
        <Row
          key={id}
          icon={LayoutGrid}
          current={id === open}
          onClick={() => view.openCanvas(id)}
          title={title}
        >
          {title}
        </Row>
      ))}
    </RowGroup>
  );
}

function RecentRuns() {
  const text = useText();
  const formats = useFormats();
  const runs = useRuns().slice(0, RECENT);
  const openRun = useOpenRun();
  if (runs.length === 0) return null;
  return (
    <RowGroup title={text('app.shell.recentRuns')}>
      {runs.map((row) => (
        <Row
          key={row.run}
          state={{ name: phaseLook(row.phase), label: text(`app.state.${row.phase}`) }}
          end={<span title={formats.exact(row.submittedAt)}>{formats.age(row.submittedAt, Date.now())}</span>}
          onClick={() => openRun(row)}
          title={row.goal}
        >
          {row.goal}
        </Row>
      ))}
    </RowGroup>
  );
}

function Folders() {
  const text = useText();
  const { folders } = useWorkspace();
  const current = useFolder();
  const openPath = useOpenPath();
  const openFolder = useOpenFolder();
  const rightIn = useFolderRight();
  return (
    <RowGroup
      title={text('app.shell.folder')}
      action={
        <IconButton small icon={FolderPlus} label={text('app.shell.openFolder')} onClick={openFolder} />
      }
    >
      {folders.map(({ id, name, path }) => (
        <Row
          key={id}
          icon={FolderOpen}
          end={<span title={rightIn({ id, name }).whole}>{rightIn({ id, name }).short}</span>}
          title={path}
          aria-current={id === current?.id ? 'true' : undefined}
          onClick={() => void openPath(path)}
        >
          {name}
        </Row>
      ))}
    </RowGroup>
  );
}

/** The sidebar of a narrow window: icons alone. */
export function Rail() {
  const text = useText();
  const view = useViewStore();
  const newCanvas = useNewCanvas();
  const openFolder = useOpenFolder();
  const page = useView((state) => state.page);
  return (
    <nav
      aria-label={text('app.shell.sidebar.label')}
      className="flex h-full w-12 flex-none flex-col items-center gap-1 border-e border-line bg-app py-2"
    >
      <RailApprovals />
      <IconButton
        icon={LayoutGrid}
        tipSide="right"
        pressed={page === 'canvas'}
        label={text('app.shell.page.canvas')}
        onClick={() => view.openPage('canvas')}
      />
      <IconButton
        icon={History}
        tipSide="right"
        pressed={page === 'runs'}
        label={text('app.shell.page.runs')}
        onClick={() => view.openPage('runs')}
      />
      <IconButton
        icon={Cpu}
        tipSide="right"
        pressed={page === 'models'}
        label={text('app.shell.page.models')}
        onClick={() => view.openPage('models')}
      />
      <IconButton icon={Plus} tipSide="right" label={text('app.shell.newCanvas')} onClick={newCanvas} />
      <IconButton
        icon={FolderPlus}
        tipSide="right"
        label={text('app.shell.openFolder')}
        onClick={openFolder}
      />
      <span className="flex-1" />
      <IconButton
        icon={Settings}
        tipSide="right"
        label={text('app.shell.settings')}
        onClick={() => view.setOverlay('settings')}
      />
      <IconButton
        icon={CircleHelp}
        tipSide="right"
        label={text('app.shell.help')}
        onClick={() => view.setOverlay('shortcuts')}
      />
    </nav>
  );
}

function RailApprovals() {
  const text = useText();
  const view = useViewStore();
  const page = useView((state) => state.page);
  const { waiting, decided } = useAsked();
  if (waiting + decided === 0) return null;
  return (
    <IconButton
      icon={Inbox}
      tipSide="right"
      pressed={page === 'approvals'}
      label={waiting > 0 ? text('app.shell.approvalsWaiting', { waiting }) : text('app.shell.page.approvals')}
      onClick={() => view.openPage('approvals')}
    >
      {waiting > 0 && <Count corner>{waiting}</Count>}
    </IconButton>
  );
}
