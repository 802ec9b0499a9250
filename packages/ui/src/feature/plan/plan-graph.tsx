import { layoutTasks, type TaskPlace } from '@soma/schemas/canvas';
import { agentOf, type RunState, type TaskState } from '@soma/schemas/run';
import { useText } from '../../client/index.ts';
import { cx, edgeHead, Icon, STATES, type StateName } from '../../design/index.ts';
import { taskLook } from '../run/look.ts';

/** An arrow of the plan that no other path says already. */
export interface PlanArrow {
  readonly from: string;
  readonly to: string;
}

/** The arrows to draw: those that a longer path implies are left out, so that lines stay few. */
export function planArrows(tasks: readonly Pick<TaskState, 'id' | 'after'>[]): readonly PlanArrow[] {
  const after = new Map(tasks.map((task) => [task.id, task.after]));
  const reaches = (from: string, to: string, seen: Set<string>): boolean => {
    for (const id of after.get(to) ?? []) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (id === from || reaches(from, id, seen)) return true;
    }
    return false;
  };
  return tasks.flatMap(({ id, after: sources }) =>
    sources
      .filter((source) => after.has(source))
      .filter((source) => !sources.some((other) => other !== source && reaches(source, other, new Set())))
      .map((source) => ({ from: source, to: id })),
  );
}

/**
 * The arrows from what was given up to what came in its place: from where the one begins to where the other does, so that a revision of
 * many tasks stays a few lines.
 */
export function insteadArrows(
  tasks: readonly Pick<TaskState, 'id' | 'after' | 'insteadOf'>[],
): readonly PlanArrow[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const begins = (id: string, together: readonly string[]) =>
    byId.get(id)?.after.every((before) => !together.includes(before)) ?? false;
  return tasks.flatMap(({ id, insteadOf = [] }) => {
    const added = tasks.filter((each) => each.insteadOf?.join() === insteadOf.join());
    const first = begins(
      id,
      added.map((each) => each.id),
    );
    const sources = first ? insteadOf.filter((dropped) => begins(dropped, insteadOf)) : [];
    return sources.map((from) => ({ from, to: id }));
  });
}

export interface PlanGraphProps {
  readonly state: RunState;
  /** Width there is, in canvas units; tiles have titles where it lets them. */
  readonly room: number;
  readonly onOpen: (task: string) => void;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
}

const SMALL: Size = { width: 52, height: 18, across: 78, down: 28 };
const TITLED = { most: 148, least: 92, gap: 28, height: 32, down: 42 };

/** Tiles with titles when each layer has room for some words. */
function sizeFor(layers: number, room: number): Size {
  const width = Math.min(TITLED.most, (room - (layers - 1) * TITLED.gap) / layers);
  if (width < TITLED.least) return SMALL;
  return { width, height: TITLED.height, across: width + TITLED.gap, down: TITLED.down };
}

/** The plan in small: a tile a task in its layer, its state by colour and shape, and the arrows between. */
export function PlanGraph({ state, room, onOpen }: PlanGraphProps) {
  const text = useText();
  const laid = layoutTasks(state.tasks);
  const size = sizeFor(1 + Math.max(0, ...laid.map(({ layer }) => layer)), room);
  const titled = size !== SMALL;
  const places = placesOf(laid, size);
  const width = Math.max(0, ...places.map(({ x }) => x + size.width));
  const height = Math.max(0, ...places.map(({ y }) => y + size.height));
  const at = new Map(places.map((place) => [place.id, place]));
  const labelOf = (task: TaskState) => {
    const { title, status, insteadOf = [] } = task;
    const look = status.name === 'dropped' ? status.name : taskLook(task, state.status.name);
    const agent = agentOf(state, task.id)?.title ?? 'none';
    const named = { title, agent, state: text(`app.state.${look}`) };
    const tasks = state.tasks.flatMap((each) => (insteadOf.includes(each.id) ? [each.title] : [])).join(', ');
    return tasks === '' ? text('app.task.named', named) : text('app.task.namedInstead', { ...named, tasks });
  };
  return (
    <div className="relative max-w-full" style={{ width, height }}>
      <svg className="absolute inset-0 size-full overflow-visible" aria-hidden="true">
        {planArrows(state.tasks).map(({ from, to }) => (
          <path
            key={`${from}/${to}`}
            className="edge-line"
            data-edge="link"
            d={curve(at.get(from), at.get(to), size)}
          />
        ))}
        {insteadArrows(state.tasks).map(({ from, to }) => (
          <path
            key={`${from}/${to}`}
            className="edge-line"
            data-edge="instead"
            markerEnd={edgeHead('instead')}
            d={curve(at.get(from), at.get(to), size)}
          />
        ))}
      </svg>
      {state.tasks.map((task) => {
        const place = at.get(task.id);
        const look = taskLook(task, state.status.name);
        return (
          place !== undefined && (
            <Tile
              key={task.id}
              title={task.title}
              look={look}
              titled={titled}
              dropped={task.status.name === 'dropped'}
              label={labelOf(task)}
              style={{ left: place.x, top: place.y, width: size.width, height: size.height }}
              onOpen={() => onOpen(task.id)}
            />
          )
        );
      })}
    </div>
  );
}

interface Place {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

function placesOf(laid: readonly TaskPlace[], size: Size): readonly Place[] {
  const rows = Math.max(1, ...laid.map(({ row }) => row + 1));
  return laid.map(({ id, layer, row }) => {
    const inLayer = laid.filter((other) => other.layer === layer).length;
    return { id, x: layer * size.across, y: (row + (rows - inLayer) / 2) * size.down };
  });
}

function curve(from: Place | undefined, to: Place | undefined, size: Size): string {
  if (from === undefined || to === undefined) return '';
  if (from.x === to.x) {
    const [down, middle] = [to.y > from.y, from.x + size.width / 2];
    return `M${middle} ${from.y + (down ? size.height : 0)}V${to.y + (down ? 0 : size.height)}`;
  }
  const [x1, y1] = [from.x + size.width, from.y + size.height / 2];
  const [x2, y2] = [to.x, to.y + size.height / 2];
  const bend = (x1 + x2) / 2;
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}

interface TileProps {
  readonly title: string;
  readonly look: StateName;
  readonly titled: boolean;
  /** Given up when the plan was revised. */
  readonly dropped: boolean;
  readonly label: string;
  readonly style: { left: number; top: number; width: number; height: number };
  readonly onOpen: () => void;
}

function Tile({ title, look, titled, dropped, label, style, onOpen }: TileProps) {
  const { icon, tone } = STATES[look];
  return (
    <button
      type="button"
      data-tone={tone}
      aria-label={label}
      title={label}
      style={style}
      onClick={onOpen}
      className={cx(
        'nodrag hit absolute! flex items-center gap-1.5 rounded-mark border border-tone-line bg-tone-bg text-tone-fg',
        titled ? 'px-2 text-start text-[0.6875rem] leading-[0.8125rem] font-medium' : 'justify-center',
        dropped && 'border-dashed line-through',
      )}
    >
      <Icon
        of={icon}
        size={titled ? 14 : 12}
        className={cx('text-tone', look === 'running' && 'animate-turn')}
      />
      {titled && <span className="line-clamp-2 min-w-0">{title}</span>}
    </button>
  );
}
