import type { OpenCanvas } from '@soma/schemas/canvas';
import { spentOn } from '@soma/schemas/run';
import { CloudOff, Cpu, HardDrive, type LucideIcon, ShieldCheck, TriangleAlert } from 'lucide-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import {
  useAddedModels,
  useConnected,
  useFaultText,
  useFolder,
  useModels,
  useModelsAway,
  useRuns,
  useText,
  useViewStore,
} from '../../client/index.ts';
import { cx, Icon } from '../../design/index.ts';
import { reachOf } from '../model/words.ts';
import { useCostWords } from '../run/outside.ts';
import { useFolderRight } from './rights.ts';

/** What is kept and where, what may be read, and what it costs. */
export function StatusBar({ canvas }: { readonly canvas: OpenCanvas | null }) {
  const text = useText();
  const cost = useCostWords();
  const today = useToday();
  const folder = useFolder();
  const connected = useConnected();
  const rightIn = useFolderRight();
  return (
    <footer className="flex min-h-6.5 flex-none items-center gap-4.5 border-t border-line bg-app px-3.5 text-meta text-ink-2">
      {!connected && (
        <Item icon={CloudOff} tone="waiting">
          {text('app.shell.status.unreachable')}
        </Item>
      )}
      {connected && canvas !== null && <Saved canvas={canvas} />}
      {folder !== null && <Item icon={ShieldCheck}>{rightIn(folder).whole}</Item>}
      <span className="flex-1" />
      <Away />
      <Models />
      <span className="tabular-nums">{text('app.shell.status.today', { cost: cost(today) })}</span>
    </footer>
  );
}

const WHERE = {
  here: 'app.shell.status.modelHere',
  through: 'app.shell.status.modelThrough',
  elsewhere: 'app.shell.status.modelElsewhere',
} as const;

/** What models took today, by the calendar of UTC, of the runs that this window knows. */
function useToday(): { readonly dollars: number; readonly unpriced: number } {
  const today = new Date().toISOString().slice(0, 10);
  return spentOn(
    today,
    useRuns().flatMap(({ money }) => money ?? []),
  );
}

/** The model that is taken first, or which there is, and the way to all of them. */
function Models() {
  const text = useText();
  const view = useViewStore();
  const meaning = useModels().some(({ state }) => state === 'ready');
  const first = useAddedModels().find(({ exam }) => (exam.result?.kinds.length ?? 0) > 0);
  return (
    <button
      type="button"
      onClick={() => view.openPage('models')}
      className="-mx-1.5 inline-flex min-h-6 min-w-0 items-center rounded-mark px-1.5 -outline-offset-2 transition-colors hover:bg-hover hover:text-ink"
    >
      <Item icon={Cpu}>
        {first === undefined
          ? text(meaning ? 'app.shell.status.meaning' : 'app.shell.status.noModel')
          : text(WHERE[reachOf(first)], { model: first.model })}
      </Item>
    </button>
  );
}

/** That a model is not there, and how many goals wait for it; nothing while all are. */
function Away() {
  const text = useText();
  const { models, goals } = useModelsAway();
  if (models.length === 0) return null;
  const is = models.some((model) => model.is === 'unreachable') ? 'unreachable' : 'busy';
  const which = models.map(({ model, host }) =>
    text('app.shell.status.modelAwayWhich', { model, host: host ?? 'none' }),
  );
  return (
    <Item icon={CloudOff} tone="waiting" title={which.join(', ')}>
      {text('app.shell.status.modelAway', { is, goals })}
    </Item>
  );
}

interface ItemProps {
  readonly icon: LucideIcon;
  readonly tone?: 'waiting' | 'failed';
  readonly title?: string;
  readonly children: ReactNode;
}

function Item({ icon, tone, title, children }: ItemProps) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex min-w-0 items-center gap-1.5',
        tone === 'waiting' && 'text-waiting-fg',
        tone === 'failed' && 'text-failed-fg',
      )}
    >
      <Icon of={icon} size={12} className={tone === undefined ? 'text-ink-3' : ''} />
      <span className="cut">{children}</span>
    </span>
  );
}

/** Whether the open board is on disk. */
function Saved({ canvas }: { readonly canvas: OpenCanvas }) {
  const text = useText();
  const faultText = useFaultText();
  const saved = useSyncExternalStore(canvas.saved.subscribe, canvas.saved.get);
  const refused = useSyncExternalStore(canvas.refused.subscribe, canvas.refused.get);
  if (refused !== null) {
    return (
      <Item icon={TriangleAlert} tone="failed" title={faultText(refused).title}>
        {text('app.shell.status.notSaved')}
      </Item>
    );
  }
  if (saved === 'offline') {
    return (
      <Item icon={CloudOff} tone="waiting">
        {text('app.shell.status.keptHere')}
      </Item>
    );
  }
  return <Item icon={HardDrive}>{text(`app.shell.status.${saved}`)}</Item>;
}
