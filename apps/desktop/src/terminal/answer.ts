import type { Artifact, ArtifactOffer, CheckedClaim, EndState } from '@soma/schemas/event';
import { noteText } from '@soma/schemas/message';
import type { RunState } from '@soma/schemas/run';
import type { i18n } from 'i18next';
import { printable } from './printable.ts';

/** What a run put on its board, as text: each card with its lines, and for each claim where it stands. Without the last newline. */
export function answerText(state: RunState, artifacts: readonly Artifact[], translator: i18n): string {
  const taskOf = new Map(state.artifacts.map(({ id, task }) => [id, task]));
  const cards = artifacts.map((artifact) => {
    // Ids of claims are unique within their task only.
    const task = state.tasks.find(({ id }) => id === taskOf.get(artifact.id));
    const offers = artifact.offers.map((offer) => offerText(offer, state, translator));
    return [cardText(artifact, task?.evidence ?? [], translator), ...offers].join('\n');
  });
  const evidence = state.tasks.flatMap((task) => task.evidence);
  return [...cards, closing(state, evidence, translator)].join('\n\n');
}

function cardText(artifact: Artifact, evidence: readonly CheckedClaim[], translator: i18n): string {
  const claims = artifact.claims.flatMap((id) => {
    const found = evidence.find(({ claim }) => claim.id === id);
    return found === undefined ? [] : [claimText(found, translator)];
  });
  const remarks = artifact.lines.map(({ text, detail }) =>
    detail === null ? `  ${printable(text)}` : `  ${printable(text)}: ${printable(detail)}`,
  );
  const edges = graphLines(artifact);
  const bars = chartLines(artifact, translator);
  return [printable(artifact.title), ...claims, ...edges, ...bars, ...remarks].join('\n');
}

function claimText({ claim, verdict }: CheckedClaim, translator: i18n): string {
  const { path, line } = claim.citation;
  const where =
    claim.kind === 'executed'
      ? translator.t('terminal.answer.output', { line })
      : `${printable(path)}:${line}`;
  const text = printable(claim.text);
  if (verdict.checked) return `  ${text} (${where})`;
  return `  ${text} (${where}; ${translator.t('terminal.answer.unchecked', { why: verdict.why })})`;
}

/** What could be run next, as the command that does so. */
function offerText(
  { title, goal, plan, slots }: ArtifactOffer,
  { folder }: RunState,
  translator: i18n,
): string {
  const given = Object.entries(slots).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const words = [goal, '--folder', folder.path, '--plan', plan, ...given].map(quotedForShell);
  const command = `soma run ${words.join(' ')}`;
  return `  ${printable(translator.t('terminal.answer.offer', { title, command }))}`;
}

/** One word for a POSIX shell that means exactly this text. */
function quotedForShell(word: string): string {
  return /^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function graphLines({ graph }: Artifact): string[] {
  if (graph === null) return [];
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, printable(label)]));
  const name = (id: string) => labels.get(id) ?? printable(id);
  return graph.edges.map(({ from, to }) => `  ${name(from)} -> ${name(to)}`);
}

/** Signs of the longest bar, and most letters of a label. */
const CHART = { bar: 30, label: 40 };

/** Each bar as a row of signs, all to one measure, with its number. */
function chartLines({ chart }: Artifact, translator: i18n): string[] {
  if (chart === null) return [];
  const { axes, bars, unit } = chart;
  const value =
    unit === null ? axes.value : translator.t('app.document.chartUnit', { value: axes.value, unit });
  const title = translator.t('app.document.chart', { label: axes.label, value, bars: bars.length });
  const labels = bars.map(({ label }) => printable(label));
  const room = Math.min(CHART.label, Math.max(...labels.map((label) => label.length)));
  const most = Math.max(...bars.map((bar) => bar.value)) || 1;
  const rows = bars.map((bar, place) => {
    const label = labels[place] ?? '';
    const shown = label.length > room ? `${label.slice(0, room - 1)}…` : label.padEnd(room);
    // What is there at all shows at least one sign.
    const length = bar.value === 0 ? 0 : Math.max(1, Math.round((bar.value / most) * CHART.bar));
    const number = translator.t('app.document.chartValue', { value: bar.value });
    return `  ${shown}  ${'#'.repeat(length)}${length === 0 ? '' : ' '}${number}`;
  });
  return [`  ${printable(title)}`, ...rows];
}

function closing(state: RunState, evidence: readonly CheckedClaim[], translator: i18n): string {
  const checked = evidence.filter(({ verdict }) => verdict.checked).length;
  const { status } = state;
  if (status.name !== 'ended') return translator.t('terminal.answer.open', { state: status.name });
  const counts = { checked, claims: evidence.length };
  const end = translator.t(`terminal.answer.${status.state satisfies EndState}`, counts);
  return status.state === 'verified' ? end : `${end} ${noteText(translator, status.note)}`;
}
