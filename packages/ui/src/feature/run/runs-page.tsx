import type { RunSummary } from '@soma/schemas/run';
import { useState } from 'react';
import { useFormats, useRunPage, useRuns, useText } from '../../client/index.ts';
import { Button, Row, StateChip } from '../../design/index.ts';
import { NoRuns } from '../fault/absence.tsx';
import { phaseLook } from './look.ts';
import { useStartedBy } from './started-by.tsx';
import { useOpenRun } from './use-open-run.ts';

/** Runs on one page. */
const PAGE = 50;

/** Every run, newest first, a page at a time. */
export function RunsPage() {
  const text = useText();
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
  const page = useRunPage(cursors.at(-1) ?? null, PAGE);
  const known = useRuns();
  const open = useOpenRun();
  // What the workspace tells is newer than the page that was read.
  const fresh = new Map(known.map((row) => [row.run, row]));
  const rows = (page.value?.runs ?? []).map((row) => fresh.get(row.run) ?? row);
  const next = page.value?.cursor ?? null;
  if (page.value !== null && rows.length === 0 && cursors.length === 1) return <NoRuns />;
  return (
    <section className="mx-auto flex w-[880px] max-w-[calc(100%-32px)] flex-col gap-3 py-8">
      <h1 className="text-page">{text('app.run.page.title')}</h1>
      <ul className="overflow-hidden rounded-panel border border-line bg-card p-1">
        {rows.map((row) => (
          <li key={row.run}>
            <RunLine row={row} onOpen={() => open(row)} />
          </li>
        ))}
      </ul>
      <div className="flex gap-2">
        {cursors.length > 1 && (
          <Button small onClick={() => setCursors(cursors.slice(0, -1))}>
            {text('app.run.page.newer')}
          </Button>
        )}
        {next !== null && (
          <Button small onClick={() => setCursors([...cursors, next])}>
            {text('app.run.page.older')}
          </Button>
        )}
      </div>
    </section>
  );
}

function RunLine({ row, onOpen }: { readonly row: RunSummary; readonly onOpen: () => void }) {
  const text = useText();
  const formats = useFormats();
  const startedBy = useStartedBy();
  const word = text(`app.state.${row.phase}`);
  return (
    <Row
      state={{ name: phaseLook(row.phase), label: word }}
      onClick={onOpen}
      className="min-h-9.5"
      end={
        <span className="flex items-center gap-3">
          <span>{text('app.run.counts.verified', { verified: row.tasksVerified, tasks: row.tasks })}</span>
          <span>{text('app.run.page.claims', { proven: row.claimsChecked, claims: row.claims })}</span>
          <StateChip state={phaseLook(row.phase)}>{word}</StateChip>
          <span className="w-14 text-end" title={formats.exact(row.submittedAt)}>
            {formats.age(row.submittedAt, Date.now())}
          </span>
        </span>
      }
    >
      {row.goal}
      <span className="ms-2 text-small text-ink-3">{row.folderPath}</span>
      {row.parent !== null && <span className="ms-2 text-small text-ink-3">{startedBy(row.parent.run)}</span>}
    </Row>
  );
}
