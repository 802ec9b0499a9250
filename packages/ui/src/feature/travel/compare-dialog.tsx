import { outsideOf, phaseOf, type RunState } from '@soma/schemas/run';
import { ChevronsUpDown, Equal } from 'lucide-react';
import { useState } from 'react';
import {
  useContent,
  useFormats,
  useRun,
  useRuns,
  useText,
  useView,
  useViewStore,
} from '../../client/index.ts';
import {
  Button,
  Dialog,
  EmptyState,
  Menu,
  Segmented,
  StateChip,
  StateIcon,
  Surface,
} from '../../design/index.ts';
import { lastSignOf, phaseLook } from '../run/look.ts';
import { useCostWords } from '../run/outside.ts';
import { compareTasks } from './compare.ts';
import { ComparedRow, type ComparedRowProps, Head } from './compared-row.tsx';
import { ComparedTaskRows } from './compared-task.tsx';

/** Runs that are offered to compare with. */
const OFFERED = 12;

/** Two runs side by side: how both ended, then what differs task by task. Nothing here changes anything. */
export function CompareDialog() {
  const text = useText();
  const view = useViewStore();
  const open = useView(({ overlay }) => overlay === 'compare');
  const compared = useView((state) => state.compared);
  if (!open || compared === null) return null;
  return (
    <Dialog
      open
      wide="whole"
      onOpenChange={(shown) => view.setOverlay(shown ? 'compare' : null)}
      title={text('app.compare.title')}
      note={text('app.compare.note')}
      close={text('app.compare.close')}
      tools={<OtherRun one={compared.one} />}
    >
      {compared.other === null ? (
        <NoOther one={compared.one} />
      ) : (
        <Compared one={compared.one} other={compared.other} />
      )}
    </Dialog>
  );
}

/** The runs that one can be compared with, the newest first. */
function useOffered(one: string) {
  const text = useText();
  const formats = useFormats();
  const view = useViewStore();
  const other = useView(({ compared }) => compared?.other ?? null);
  const rows = useRuns().filter(({ run }) => run !== one);
  return rows.slice(0, OFFERED).map(({ run, goal, submittedAt, phase }) => ({
    id: run,
    phase,
    label: goal,
    detail: text('app.compare.row', {
      state: text(`app.state.${phase}`),
      age: formats.age(submittedAt, Date.now()),
    }),
    checked: run === other,
    onSelect: () => view.compare(one, run),
  }));
}

/** No second run yet: those there are stand where the comparison will. */
function NoOther({ one }: { readonly one: string }) {
  const text = useText();
  const offered = useOffered(one);
  if (offered.length === 0) {
    return (
      <EmptyState icon={Equal} title={text('app.compare.choose')}>
        {text('app.compare.chooseNone')}
      </EmptyState>
    );
  }
  return (
    <section
      aria-label={text('app.compare.choose')}
      className="mx-auto flex max-w-[680px] flex-col gap-2 pt-6"
    >
      <h3>{text('app.compare.chooseHow')}</h3>
      <Surface>
        {offered.map(({ id, phase, label, detail, onSelect }) => (
          <button
            key={id}
            type="button"
            onClick={onSelect}
            className="flex min-h-9.5 w-full min-w-0 items-center gap-2.5 border-t border-line px-3.5 text-start -outline-offset-2 transition-colors first:border-t-0 hover:bg-hover"
          >
            <StateIcon state={phaseLook(phase)} label={text(`app.state.${phase}`)} />
            <span className="cut flex-1 font-medium">{label}</span>
            <span className="flex-none text-meta text-ink-3">{detail}</span>
          </button>
        ))}
      </Surface>
    </section>
  );
}

/** Chooses another run to compare with. */
function OtherRun({ one }: { readonly one: string }) {
  const text = useText();
  const items = useOffered(one);
  return (
    <Menu label={text('app.compare.with')} items={items}>
      <Button small icon={ChevronsUpDown} disabled={items.length === 0}>
        {text('app.compare.with')}
      </Button>
    </Menu>
  );
}

function Compared({ one, other }: { readonly one: string; readonly other: string }) {
  const text = useText();
  const [shown, show] = useState<'differs' | 'all'>('differs');
  const first = useRun(one, (whole) => ({ whole }))?.whole ?? null;
  const second = useRun(other, (whole) => ({ whole }))?.whole ?? null;
  if (first === null || second === null) return <p className="text-ink-3">{text('app.compare.reading')}</p>;
  const tasks = compareTasks(first, second);
  const differing = tasks.filter(({ differs }) => differs.length > 0);
  return (
    <div className="flex flex-col gap-3">
      <table className="w-full table-fixed border-collapse text-small">
        <caption className="sr-only">{text('app.compare.caption')}</caption>
        <Head one={<Name state={first} />} other={<Name state={second} />} />
        <tbody>
          <Ends one={first} other={second} />
        </tbody>
      </table>
      <div className="flex flex-wrap items-center gap-3">
        <h3 className="flex-1 text-reading">
          {text('app.compare.tasks', { differing: differing.length, tasks: tasks.length })}
        </h3>
        <Segmented
          label={text('app.compare.shown')}
          value={shown}
          onValueChange={show}
          items={(['differs', 'all'] as const).map((id) => ({ id, label: text(`app.compare.show.${id}`) }))}
        />
      </div>
      {(shown === 'all' ? tasks : differing).map((task) => (
        <ComparedTaskRows key={task.id} compared={task} />
      ))}
    </div>
  );
}

function Name({ state }: { readonly state: RunState }) {
  const text = useText();
  const goal = useContent(state.goal).value ?? '';
  const words =
    state.fork === null ? goal : text('app.compare.branch', { goal, sequence: state.fork.sequence });
  return (
    <span className="cut block" title={words}>
      {words}
    </span>
  );
}

/** The ends of two runs: state, time, cost, calls, approvals, files. */
function Ends({ one, other }: { readonly one: RunState; readonly other: RunState }) {
  const text = useText();
  const formats = useFormats();
  const cost = useCostWords();
  const files = (state: RunState) => state.changes.reduce((sum, { files: some }) => sum + some, 0);
  const took = (state: RunState) => {
    const until = state.status.name === 'ended' ? state.status.at : lastSignOf(state);
    return formats.duration(Date.parse(until) - Date.parse(state.submittedAt));
  };
  const rows: readonly (readonly [string, (state: RunState) => string | number])[] = [
    ['time', took],
    ['cost', (state) => cost(outsideOf(state))],
    ['calls', (state) => Object.keys(state.calls).length],
    ['approvals', (state) => Object.keys(state.approvals).length],
    ['files', files],
  ];
  const chip = (state: RunState) => (
    <StateChip state={phaseLook(phaseOf(state))}>{text(`app.state.${phaseOf(state)}`)}</StateChip>
  );
  const ends: ComparedRowProps = {
    name: text('app.compare.fact.end'),
    one: chip(one),
    other: chip(other),
    differs: phaseOf(one) !== phaseOf(other),
  };
  return (
    <>
      <ComparedRow {...ends} />
      {rows.map(([id, of]) => (
        <ComparedRow
          key={id}
          name={text(`app.compare.fact.${id}`)}
          one={of(one)}
          other={of(other)}
          differs={of(one) !== of(other)}
        />
      ))}
    </>
  );
}
