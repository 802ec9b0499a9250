import type { Rechecked } from '@soma/schemas/contract';
import type { CheckedClaim } from '@soma/schemas/event';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import {
  type Asked,
  type Text,
  useFaultText,
  useRecheck,
  useText,
  useViewStore,
} from '../../client/index.ts';
import { Button, Citation, cx, EvidenceRow, Segmented } from '../../design/index.ts';
import { countBy, type Evidence, type EvidenceFilter, type Since, sinceOf } from './evidence.ts';

const FILTERS: readonly EvidenceFilter[] = ['all', 'quoted', 'recounted', 'executed'];

export interface EvidenceListProps {
  readonly run: string;
  readonly evidence: readonly Evidence[];
  readonly folder: string;
  /** The run has ended: then its claims can be checked again. */
  readonly ended: boolean;
}

/** Each claim with the line it rests on, where that line is, and how it was checked. Unproven ones come first. */
export function EvidenceList({ run, evidence, folder, ended }: EvidenceListProps) {
  const text = useText();
  const recheck = useRecheck(run);
  const [wanted, filter] = useState<EvidenceFilter>('all');
  const offered = FILTERS.filter((id) => id === 'all' || countBy(evidence, id) > 0);
  const chosen = offered.includes(wanted) ? wanted : 'all';
  if (evidence.length === 0) {
    return <p className="p-4 text-small text-ink-3">{text('app.inspector.evidence.none')}</p>;
  }
  const shown = evidence.filter(({ claim }) => chosen === 'all' || claim.kind === chosen);
  return (
    <>
      {offered.length > 2 && (
        <div className="sticky top-0 z-1 border-b border-line bg-app px-4 py-2">
          <Segmented
            label={text('app.inspector.evidence.filter')}
            value={chosen}
            onValueChange={filter}
            items={offered.map((id) => ({
              id,
              label: text(`app.inspector.evidence.${id}`, { count: countBy(evidence, id) }),
            }))}
          />
        </div>
      )}
      {ended && <Recheck asked={recheck} evidence={evidence} />}
      {shown.map((each, place) => (
        <div
          key={`${each.task}/${each.claim.id}`}
          className={cx(
            '[contain-intrinsic-size:auto_98px] [content-visibility:auto]',
            place > 0 && 'border-t border-line',
          )}
        >
          <ClaimRow run={run} checked={each} folder={folder} since={sinceOf(each, recheck.value)} />
        </div>
      ))}
    </>
  );
}

/** Checks every claim once more against the files as they are now, and says what came of it. */
function Recheck({
  asked,
  evidence,
}: {
  readonly asked: Asked<readonly Rechecked[]>;
  readonly evidence: readonly Evidence[];
}) {
  const text = useText();
  const faultText = useFaultText();
  const { value, fault, loading, again } = asked;
  const stale = evidence.filter((each) => sinceOf(each, value) === 'stale').length;
  const changed = evidence.filter((each) => sinceOf(each, value) === 'changed').length;
  const said =
    fault !== null
      ? faultText(fault).title
      : value === null
        ? null
        : text('app.inspector.evidence.now', { stale, changed });
  return (
    <div className="flex items-center gap-3 border-b border-line px-4 py-2">
      <span aria-live="polite" className="min-w-0 flex-1 text-small text-ink-2">
        {loading ? text('app.inspector.evidence.checkingAgain') : said}
      </span>
      <Button small icon={RotateCw} disabled={loading} onClick={again}>
        {text('app.inspector.evidence.again')}
      </Button>
    </div>
  );
}

interface ClaimRowProps {
  readonly run: string;
  readonly checked: Evidence;
  readonly folder: string;
  readonly since: Since | null;
}

function ClaimRow({ run, checked, folder, since }: ClaimRowProps) {
  const text = useText();
  const view = useViewStore();
  const { claim, verdict, task } = checked;
  const { path, line, quote } = claim.citation;
  const proven = verdict.checked && since !== 'stale';
  // What a command wrote is no file: it stands with its call.
  const isOutput = claim.kind === 'executed';
  const open = () =>
    isOutput ? view.select({ kind: 'task', run, task }) : view.openCode({ folder, path, line });
  const state = since === 'stale' ? 'stale' : proven ? 'proven' : 'unproven';
  return (
    <EvidenceRow
      state={{
        name: proven ? 'verified' : 'unverified',
        label: text(`app.inspector.evidence.${state}`),
      }}
      claim={claim.text}
      quote={
        <>
          <QuoteLine line={line} quote={quote} />
          {!verdict.checked && verdict.found !== null && (
            <p className="text-small text-ink-2">
              {text('app.inspector.evidence.found')} <code className="break-words">{verdict.found}</code>
            </p>
          )}
        </>
      }
      citation={
        <Citation
          bare
          file={isOutput ? text('app.inspector.evidence.output') : path}
          line={line}
          label={
            isOutput
              ? text('app.inspector.evidence.openOutput', { line })
              : text('app.inspector.evidence.open', { path, line })
          }
          onClick={open}
          className="min-w-0 shrink! overflow-hidden text-ellipsis"
        />
      }
      checked={
        <span className={proven ? undefined : 'text-failed-fg'}>
          {since === null || since === 'same'
            ? checkWord(checked, text)
            : text(`app.inspector.evidence.since.${since}`)}
        </span>
      }
    />
  );
}

/** The cited line with its number, its characters as they are in the file; cut at the end, whole in its tip. */
function QuoteLine({ line, quote }: { readonly line: number; readonly quote: string }) {
  return (
    <code
      title={quote}
      className="flex min-w-0 rounded-control border border-line bg-sunken pe-2.5 text-meta leading-[1.375rem]"
    >
      <span className="w-8 flex-none pe-2.5 text-end text-ink-3 select-none">{line}</span>
      <span className="min-w-0 overflow-hidden text-ellipsis whitespace-pre">{quote}</span>
    </code>
  );
}

/** How a claim was checked, or why it does not hold. */
function checkWord({ claim, verdict }: CheckedClaim, text: Text): string {
  if (verdict.checked) return text(`app.inspector.evidence.checked.${claim.kind}`);
  return text(`app.inspector.evidence.why.${/^[A-Z_]+$/.test(verdict.why) ? 'other' : verdict.why}`, {
    code: verdict.why,
  });
}
