import type { CallPreview } from '@soma/schemas/event';
import type { ApprovalState, RunState, TaskState } from '@soma/schemas/run';
import { Coins, ListChecks, type LucideIcon, Undo2, Upload } from 'lucide-react';
import { type Formats, type Text, useClient, useFormats, useText } from '../../client/index.ts';
import { Citation, Icon } from '../../design/index.ts';
import { lastName } from './question.ts';

export interface FactsProps {
  readonly state: RunState;
  readonly task: TaskState | undefined;
  readonly shown: CallPreview | null;
}

/** Four facts to decide by: what leaves this computer, whether it can be undone, which check follows, what it costs. */
export function FourFacts({ state, task, shown }: FactsProps) {
  const text = useText();
  const formats = useFormats();
  const list = useList();
  const kind = shown?.kind ?? 'call';
  return (
    <FactGrid
      facts={[
        { id: 'leaves', icon: Upload, value: text(`app.approval.fact.leaves.${kind}`) },
        { id: 'undo', icon: Undo2, value: text(`app.approval.fact.undo.${kind}`) },
        { id: 'checks', icon: ListChecks, value: list(checksOf(state, task, text)) },
        {
          id: 'cost',
          icon: Coins,
          value: costWords(shown?.kind === 'turn' ? shown.atMost : 0, text, formats),
        },
      ]}
    />
  );
}

/** What it costs at most: nothing for what asks no model, and where no source names a price, that it is not known. */
export function costWords(atMost: number | null, text: Text, { money }: Pick<Formats, 'money'>): string {
  if (atMost === null) return text('app.approval.fact.costUnknown');
  return atMost === 0 ? money(0) : text('app.approval.fact.costAtMost', { cost: money(atMost) });
}

export interface FactGridProps {
  readonly facts: readonly {
    readonly id: 'does' | 'leaves' | 'undo' | 'checks' | 'cost';
    readonly icon: LucideIcon;
    readonly value: string;
  }[];
}

/** What one decides by, side by side. */
export function FactGrid({ facts }: FactGridProps) {
  const text = useText();
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-px overflow-hidden rounded-card border border-line bg-line">
      {facts.map(({ id, icon, value }) => (
        <div key={id} className="min-w-0 bg-card px-3 py-2">
          <dt className="flex items-center gap-1.5 text-small text-ink-3">
            <Icon of={icon} size={12} />
            {text(id === 'cost' ? 'app.approval.fact.cost' : `app.approval.fact.${id}.name`)}
          </dt>
          <dd className="font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The tasks that come after this one in the plan; without any, the task's own checks. */
function checksOf({ tasks }: RunState, task: TaskState | undefined, text: Text): readonly string[] {
  if (task === undefined) return [text('app.approval.fact.checks.none')];
  const later = new Set([task.id]);
  for (const each of tasks) if (each.after.some((id) => later.has(id))) later.add(each.id);
  later.delete(task.id);
  if (later.size > 0) return tasks.filter(({ id }) => later.has(id)).map(({ title }) => title);
  if (task.checks.length === 0) return [text('app.approval.fact.checks.none')];
  return [...new Set(task.checks)].map((check) => text(`app.approval.fact.checks.${check}`));
}

/** Words in a row as the language joins them. */
export function useList(): (words: readonly string[]) => string {
  const { language } = useClient().translator;
  return (words) => new Intl.ListFormat(language, { type: 'conjunction' }).format(words);
}

/** Quotes shown of what stays as it is. */
const LEFT = 4;

export interface UnchangedProps extends FactsProps {
  readonly onOpen: (path: string, line: number) => void;
}

/** What is not changed: every other file, by name those in which the earlier tasks found something. */
export function Unchanged({ state, task, shown, onOpen }: UnchangedProps) {
  const text = useText();
  if (shown?.kind !== 'files') return null;
  const changed = new Set(shown.changes.files.map(({ path }) => path));
  const left = state.tasks
    .filter(({ id }) => task?.after.includes(id) === true)
    .flatMap(({ evidence }) => evidence)
    .filter(({ claim }) => claim.kind === 'quoted' && !changed.has(claim.citation.path))
    .slice(0, LEFT);
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-small text-ink-2">
      {text('app.approval.unchanged.files', { folder: lastName(state.folder.path) })}
      {left.length > 0 && text('app.approval.unchanged.also')}
      {left.map(({ claim: { id, citation } }) => (
        <Citation
          key={id}
          file={citation.path}
          line={citation.line}
          label={text('app.inspector.evidence.open', { path: citation.path, line: citation.line })}
          onClick={() => onOpen(citation.path, citation.line)}
        />
      ))}
    </p>
  );
}

/** The rule that asked, and what shaped the call. */
export function WhyAsked({
  state,
  task,
  approval: { rule, about },
}: Omit<FactsProps, 'shown'> & { readonly approval: ApprovalState }) {
  const text = useText();
  const list = useList();
  const plan = state.plan?.title ?? '';
  const read = state.tasks.filter(({ id }) => task?.after.includes(id) === true).map(({ title }) => title);
  const known = rule === 'ask-for-the-rest' || rule === 'checks-need-a-person' ? rule : 'other';
  return (
    <div className="flex min-w-0 flex-col gap-1 text-small text-ink-2">
      <p>{text(`app.approval.rules.${known}`, { rule })}</p>
      {about === undefined && (
        <p>
          {read.length === 0
            ? text('app.approval.formed.goal', { plan })
            : text('app.approval.formed.read', { plan, tasks: list(read) })}
        </p>
      )}
    </div>
  );
}
