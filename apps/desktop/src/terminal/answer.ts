import type { Artifact, CheckedClaim, EndState } from '@soma/schemas/event';
import { noteText } from '@soma/schemas/message';
import type { RunState } from '@soma/schemas/run';
import type { i18n } from 'i18next';
import { printable } from './printable.ts';

/** What a run put on its board, as text: each card with its lines, and for each claim where it stands. Without the last newline. */
export function answerText(state: RunState, artifacts: readonly Artifact[], translator: i18n): string {
  const evidence = new Map(state.tasks.flatMap((task) => task.evidence).map((one) => [one.claim.id, one]));
  const cards = artifacts.map((artifact) => cardText(artifact, evidence, translator));
  return [...cards, closing(state, [...evidence.values()], translator)].join('\n\n');
}

function cardText(artifact: Artifact, evidence: ReadonlyMap<string, CheckedClaim>, translator: i18n): string {
  const claims = artifact.claims.flatMap((id) => {
    const found = evidence.get(id);
    return found === undefined ? [] : [claimText(found, translator)];
  });
  const remarks = artifact.lines.map(({ text, detail }) =>
    detail === null ? `  ${printable(text)}` : `  ${printable(text)}: ${printable(detail)}`,
  );
  const edges = graphLines(artifact);
  return [printable(artifact.title), ...claims, ...edges, ...remarks].join('\n');
}

function claimText({ claim, verdict }: CheckedClaim, translator: i18n): string {
  const { path, line } = claim.citation;
  const where = `${printable(path)}:${line}`;
  const text = printable(claim.text);
  if (verdict.checked) return `  ${text} (${where})`;
  return `  ${text} (${where}; ${translator.t('terminal.answer.unchecked', { why: verdict.why })})`;
}

function graphLines({ graph }: Artifact): string[] {
  if (graph === null) return [];
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, printable(label)]));
  const name = (id: string) => labels.get(id) ?? printable(id);
  return graph.edges.map(({ from, to }) => `  ${name(from)} -> ${name(to)}`);
}

function closing(state: RunState, evidence: readonly CheckedClaim[], translator: i18n): string {
  const checked = evidence.filter(({ verdict }) => verdict.checked).length;
  const { status } = state;
  if (status.name !== 'ended') return translator.t('terminal.answer.open', { state: status.name });
  const counts = { checked, claims: evidence.length };
  const end = translator.t(`terminal.answer.${status.state satisfies EndState}`, counts);
  return status.state === 'verified' ? end : `${end} ${noteText(translator, status.note)}`;
}
