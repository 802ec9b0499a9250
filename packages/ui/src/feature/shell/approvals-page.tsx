import { openApprovals, type RunSummary } from '@soma/schemas/run';
import { useRun, useRuns, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { NothingWaits } from '../fault/absence.tsx';
import { ApprovalCard } from '../inspector/approval-card.tsx';
import { useOpenRun } from '../run/runs-page.tsx';

/** Everything that waits for a person, the run that has waited longest first. */
export function ApprovalsPage() {
  const text = useText();
  const waiting = useRuns()
    .filter((row) => row.waiting > 0)
    .reverse();
  if (waiting.length === 0) return <NothingWaits />;
  return (
    <section className="mx-auto flex w-[640px] max-w-[calc(100%-32px)] flex-col gap-6 py-8">
      <h1 className="text-page">{text('app.shell.page.approvals')}</h1>
      {waiting.map((row, place) => (
        <RunApprovals key={row.run} row={row} first={place === 0} />
      ))}
    </section>
  );
}

function RunApprovals({ row, first }: { readonly row: RunSummary; readonly first: boolean }) {
  const text = useText();
  const open = useOpenRun();
  const asked = useRun(row.run, (state) => ({
    approvals: state.approvals,
    status: state.status,
    whole: state,
  }));
  const approvals = asked === null ? [] : openApprovals(asked.whole);
  return (
    <div className="flex flex-col gap-2">
      <header className="flex items-center gap-2">
        <h2 className="cut flex-1 font-semibold">{row.goal}</h2>
        <Button kind="link" onClick={() => open(row)}>
          {text('app.shell.openBoard')}
        </Button>
      </header>
      {approvals.map((approval, place) => (
        <ApprovalCard key={approval.id} run={row.run} approval={approval} focused={first && place === 0} />
      ))}
    </div>
  );
}
