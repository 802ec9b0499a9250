import { Coins, FilePen, TriangleAlert, Undo2, Upload } from 'lucide-react';
import { type Text, useFormats, useText } from '../../client/index.ts';
import { Button, Icon, StateChip } from '../../design/index.ts';
import { coversAll, scopesOf, type Weight, weigh } from './batch.ts';
import { BatchPart } from './batch-part.tsx';
import { costWords, FactGrid, useList } from './facts.tsx';
import type { Marks } from './marks.ts';
import type { Preview, Question } from './question.ts';
import { type Scope, ScopeChooser } from './scope-chooser.tsx';

export interface BatchDetailProps {
  readonly marks: Marks;
  /** The question in focus, which may be one that is not marked. */
  readonly open: Question;
  /** Of every question shown here, by its id. */
  readonly previews: ReadonlyMap<string, Preview>;
  readonly shown: readonly Question[];
  readonly scope: Scope;
  readonly ready: boolean;
  readonly answering: boolean;
  readonly onApprove: () => void;
  readonly onReject: () => void;
}

/** Several questions that are answered with one press: what they do together, then each of them. */
export function BatchDetail({ marks, open, previews, shown, scope, ...answer }: BatchDetailProps) {
  const text = useText();
  const { marked } = marks;
  const weight = weigh(
    marked.map(({ approval }) => approval.about ?? previews.get(approval.id)?.shown ?? null),
  );
  const runs = new Set(marked.map(({ state }) => state.id)).size;
  const title = text(`app.approval.batch.${weight.plans > 0 ? 'titleMixed' : 'title'}`, {
    runs,
    calls: marked.length,
  });
  return (
    <section aria-label={title} className="flex min-h-0 min-w-0 flex-1 flex-col bg-card">
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-9 py-5 *:flex-none">
        <header className="flex flex-col gap-1">
          <p className="flex flex-wrap items-center gap-2 text-small text-ink-2">
            <StateChip state="waiting">{text('app.state.waiting')}</StateChip>
            {text('app.approval.batch.standing', { runs })}
          </p>
          <h2 className="mt-1 text-page">{title}</h2>
        </header>
        <Together weight={weight} calls={marked.length} />
        {scopesOf(marked).length > 1 && (
          <ScopeChooser
            scope={scope}
            scopes={scopesOf(marked)}
            covers={coversAll(text, marked, scope.chosen)}
            runs={runs}
          />
        )}
        <div className="flex flex-col gap-2">
          {shown.map((question) => (
            <BatchPart
              key={question.approval.id}
              question={question}
              preview={previews.get(question.approval.id) ?? NONE}
              marked={marks.has(question.approval.id)}
              current={question.approval.id === open.approval.id}
              onToggle={() => marks.toggle(question.approval.id)}
            />
          ))}
        </div>
      </div>
      <Answer weight={weight} marked={marked} scope={scope} {...answer} />
    </section>
  );
}

const NONE: Preview = { shown: null, loading: false, fault: null };

interface WeighedProps {
  readonly weight: Weight;
  readonly calls: number;
}

/** What all of them do, what of it leaves this computer, what can be taken back, what it costs. */
function Together({ weight, calls }: WeighedProps) {
  const text = useText();
  const formats = useFormats();
  const list = useList();
  const { files, lines, commands, requests, unknown, hosts, final } = weight;
  const does = [
    ...(files > 0
      ? [text('app.approval.batch.does.files', { files, lines, shown: formats.count(lines) })]
      : []),
    ...finals(weight, text),
  ];
  const leaves = [
    ...(requests > 0 ? [text('app.approval.batch.leaves.requests', { requests, hosts: list(hosts) })] : []),
    ...(commands > 0 ? [text('app.approval.batch.leaves.commands', { commands })] : []),
    ...(unknown > 0 ? [text('app.approval.batch.leaves.unknown', { calls: unknown })] : []),
  ];
  const undo = final === 0 ? 'files' : final < calls ? 'some' : unknown === final ? 'call' : 'command';
  const back = { of: calls, calls: calls - final };
  return (
    <FactGrid
      facts={[
        { id: 'does', icon: FilePen, value: list(does) },
        {
          id: 'leaves',
          icon: Upload,
          value: leaves.length === 0 ? text('app.approval.fact.leaves.files') : list(leaves),
        },
        { id: 'undo', icon: Undo2, value: text(`app.approval.fact.undo.${undo}`, back) },
        { id: 'cost', icon: Coins, value: costWords(weight.cost, text, formats) },
      ]}
    />
  );
}

/** The calls that nothing takes back, counted by kind. */
function finals({ commands, requests, plans, unknown }: Weight, text: Text): readonly string[] {
  return [
    ...(commands > 0 ? [text('app.approval.batch.does.commands', { commands })] : []),
    ...(requests > 0 ? [text('app.approval.batch.does.requests', { requests })] : []),
    ...(plans > 0 ? [text('app.approval.batch.does.plans', { plans })] : []),
    ...(unknown > 0 ? [text('app.approval.batch.does.unknown', { calls: unknown })] : []),
  ];
}

interface AnswerProps
  extends Pick<BatchDetailProps, 'scope' | 'ready' | 'answering' | 'onApprove' | 'onReject'> {
  readonly weight: Weight;
  readonly marked: readonly Question[];
}

/** The one press, with what cannot be taken back on the same line. */
function Answer({ weight, marked, scope, ready, answering, onApprove, onReject }: AnswerProps) {
  const text = useText();
  const list = useList();
  const { final } = weight;
  const calls = marked.length;
  const { chosen, date } = scope;
  const runs = new Set(marked.map(({ state }) => state.id)).size;
  return (
    <footer className="flex flex-none flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-app px-9 py-3">
      <div className="min-w-0 flex-1 basis-80">
        {final === 0 ? (
          <p>{text('app.approval.batch.allBack', { calls })}</p>
        ) : (
          <p className="flex items-start gap-2 font-medium">
            <span className="flex h-[1.25rem] items-center">
              <Icon of={TriangleAlert} size={14} />
            </span>
            {text('app.approval.batch.final', { final, calls, what: list(finals(weight, text)) })}
          </p>
        )}
        <p className="text-small text-ink-3">{coversAll(text, marked, chosen)}</p>
      </div>
      <div className="ms-auto flex flex-wrap justify-end gap-2">
        <Button keys={['R']} disabled={answering} onClick={onReject}>
          {text('app.approval.batch.reject', { calls })}
        </Button>
        <Button
          kind="primary"
          keys={['A']}
          disabled={answering}
          onClick={onApprove}
          {...(!ready && { reason: text('app.approval.batch.reading') })}
        >
          {text(`app.approval.batch.approve.${chosen}`, { calls, runs, date })}
        </Button>
      </div>
    </footer>
  );
}
