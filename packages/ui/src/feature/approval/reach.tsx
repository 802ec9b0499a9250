import type { Permission } from '@soma/schemas/event';
import { type Text, useClient, useText, useWorkspace } from '../../client/index.ts';
import { PermissionLine } from '../settings/permissions.tsx';
import { lastName, type Question } from './question.ts';

/** Standing permissions that cover the call of a question in its folder; those past their date do not. */
export function useStanding(): ({ state, approval }: Question) => readonly Permission[] {
  const { permissions } = useWorkspace();
  const now = Date.now();
  return ({ state, approval }) =>
    permissions.filter(
      ({ folder, tool, argumentsHash, until }) =>
        folder === state.folder.id &&
        tool === approval.tool &&
        (argumentsHash === null || argumentsHash === approval.arguments.hash) &&
        Date.parse(until) > now,
    );
}

/** How an answer reached, in a word: one for a folder with the day it ends, or that it stands no more. */
export function useReachWord(): (question: Question) => string | null {
  const text = useText();
  const standing = useStanding();
  const { language } = useClient().translator;
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
  return (question) => {
    const { answer } = question.approval;
    if (answer === null) return null;
    if (answer.answer === 'rejected') return text('app.approval.inbox.answer.rejected');
    if (answer.scope !== 'folder') return text(`app.approval.inbox.answer.${answer.scope}`);
    const last = standing(question)
      .map(({ until }) => until)
      .sort()
      .at(-1);
    if (last === undefined) return text('app.approval.inbox.answer.folderOver');
    return text('app.approval.inbox.answer.folder', { date: day.format(new Date(last)) });
  };
}

/** How far an approval that was given reaches now: nothing for a rejected one; what stands for a folder is taken back here. */
export function Reach({ question }: { readonly question: Question }) {
  const text = useText();
  const standing = useStanding()(question);
  const { answer } = question.approval;
  if (answer?.answer !== 'approved') return null;
  const words = reachOf(text, { question, scope: answer.scope, stands: standing.length > 0 });
  return (
    <section aria-label={text('app.approval.reach.name')} className="flex min-w-0 flex-col gap-1.5">
      <p className="text-small text-ink-2">{words}</p>
      {answer.scope === 'folder' && standing.length > 0 && (
        <ul className="overflow-hidden rounded-card border border-line bg-card">
          {standing.map((permission) => (
            <PermissionLine key={permission.id} permission={permission} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface ReachParts {
  readonly question: Question;
  readonly scope: 'once' | 'run' | 'folder';
  readonly stands: boolean;
}

function reachOf(text: Text, { question: { state, approval }, scope, stands }: ReachParts): string {
  if (scope === 'once') return text('app.approval.reach.once');
  if (scope === 'folder')
    return text(`app.approval.reach.folder${stands ? '' : 'Over'}`, { folder: lastName(state.folder.path) });
  const risk = state.calls[approval.call]?.risk;
  const exact = risk === 'execute' || risk === 'network';
  return text(`app.approval.covers.run${exact ? 'Exact' : ''}`, { tool: approval.tool });
}
