import type { CheckedClaim } from '@soma/schemas/event';
import { useState } from 'react';
import { type Text, useText, useViewStore } from '../../client/index.ts';
import { Citation, cx, EvidenceRow, Segmented } from '../../design/index.ts';
import { countBy, type Evidence, type EvidenceFilter } from './evidence.ts';

const FILTERS: readonly EvidenceFilter[] = ['all', 'quoted', 'recounted', 'executed'];

export interface EvidenceListProps {
  readonly evidence: readonly Evidence[];
  readonly folder: string;
}

/** Each claim with the line it rests on, where that line is, and how it was checked. Unproven ones come first. */
export function EvidenceList({ evidence, folder }: EvidenceListProps) {
  const text = useText();
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
      {shown.map((each, place) => (
        <div
          key={`${each.task}/${each.claim.id}`}
          className={cx(
            '[contain-intrinsic-size:auto_98px] [content-visibility:auto]',
            place > 0 && 'border-t border-line',
          )}
        >
          <ClaimRow checked={each} folder={folder} />
        </div>
      ))}
    </>
  );
}

function ClaimRow({ checked, folder }: { readonly checked: CheckedClaim; readonly folder: string }) {
  const text = useText();
  const { openCode } = useViewStore();
  const { claim, verdict } = checked;
  const { path, line, quote } = claim.citation;
  const proven = verdict.checked;
  return (
    <EvidenceRow
      state={{
        name: proven ? 'verified' : 'unverified',
        label: text(proven ? 'app.inspector.evidence.proven' : 'app.inspector.evidence.unproven'),
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
          file={path}
          line={line}
          label={text('app.inspector.evidence.open', { path, line })}
          onClick={() => openCode({ folder, path, line })}
          className="min-w-0 shrink! overflow-hidden text-ellipsis"
        />
      }
      checked={<span className={proven ? undefined : 'text-failed-fg'}>{checkWord(checked, text)}</span>}
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
