import { type PlannedTask, RevisionQuestion } from '@soma/schemas/event';
import type { ApprovalState } from '@soma/schemas/run';
import { useContent, useNoteText, useText } from '../../client/index.ts';
import { DescriptionList } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { useList } from './facts.tsx';

/** What a revision of the plan gives up and brings in, and which checks go with it. */
export function RevisionBody({ approval }: { readonly approval: ApprovalState }) {
  const text = useText();
  const say = useNoteText();
  const list = useList();
  const { value, fault } = useContent(approval.arguments);
  if (fault !== null) return <FaultLine fault={fault} />;
  const asked = questionIn(value);
  if (asked === null) return null;
  const titles = (tasks: readonly Pick<PlannedTask, 'title'>[]) =>
    tasks.length === 0 ? text('app.approval.revision.nothing') : list(tasks.map(({ title }) => title));
  const checks = [...new Set(asked.weakened.flatMap((one) => one.checks))];
  return (
    <DescriptionList
      facts={[
        { id: 'reason', name: text('app.approval.revision.reason'), value: say(asked.note) },
        { id: 'dropped', name: text('app.approval.revision.dropped'), value: titles(asked.dropped) },
        { id: 'added', name: text('app.approval.revision.added'), value: titles(asked.added) },
        {
          id: 'weakened',
          name: text('app.approval.revision.weakened'),
          value: list(checks.map((check) => text(`app.inspector.check.${check}`))),
        },
      ]}
    />
  );
}

function questionIn(shown: string | null): RevisionQuestion | null {
  if (shown === null) return null;
  try {
    return RevisionQuestion.safeParse(JSON.parse(shown)).data ?? null;
  } catch {
    return null;
  }
}
