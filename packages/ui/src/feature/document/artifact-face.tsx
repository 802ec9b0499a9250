import type { NodeOf } from '@soma/schemas/canvas';
import type { Artifact, CheckedClaim } from '@soma/schemas/event';
import { Fragment } from 'react';
import {
  useArtifact,
  useClient,
  useFaultText,
  usePast,
  useRun,
  useShownRun,
  useText,
} from '../../client/index.ts';
import { CardHead, Citation, ClaimLine, cx, NodeFrame, Seal, StateIcon } from '../../design/index.ts';
import { ArtifactChart } from './artifact-chart.tsx';
import { ArtifactGraph } from './artifact-graph.tsx';
import { artifactIcon } from './artifact-icon.tsx';
import { ArtifactOffers } from './artifact-offers.tsx';
import { Markdown } from './markdown.tsx';

export interface ArtifactFaceProps {
  readonly node: NodeOf<'artifact'>;
  readonly selected: boolean;
}

/** What a task put on the board: its claims, each with its citation, its remarks, its drawing, and how many claims are proven. */
export function ArtifactFace({ node, selected }: ArtifactFaceProps) {
  const text = useText();
  const faultText = useFaultText();
  const { value: artifact, fault } = useArtifact(node.run, node.artifact, node.content);
  const claims = useClaims(node, artifact);
  const proven = claims.filter(({ verdict }) => verdict.checked).length;
  const past = usePast(node.run) !== null;
  const there = useShownRun(node.run, (state) => ({
    is: state.artifacts.some((card) => card.id === node.artifact),
  }));
  if (past && there?.is === false) {
    return (
      <NodeFrame later selected={selected} className="h-full overflow-hidden">
        <CardHead icon={artifactIcon(node.icon)} title={node.title} note={text('app.travel.later')} />
      </NodeFrame>
    );
  }
  return (
    <NodeFrame selected={selected} color={node.colour} className="flex h-full flex-col overflow-hidden">
      <CardHead icon={artifactIcon(node.icon)} title={<span title={node.title}>{node.title}</span>}>
        {claims.length > 0 && (
          <Seal proven={proven} claims={claims.length}>
            {text('app.run.of', { part: proven, whole: claims.length })}
          </Seal>
        )}
      </CardHead>
      <div
        className={cx('min-h-0 flex-1 overflow-y-auto px-3.5 pt-1.5 pb-2 text-small', selected && 'nowheel')}
      >
        {artifact === null && fault === null && <p className="text-ink-3">{text('app.document.reading')}</p>}
        {fault !== null && <p className="text-ink-3">{faultText(fault).title}</p>}
        {artifact !== null && artifact.chart !== null && (
          <div className="py-1.5">
            <ArtifactChart chart={artifact.chart} />
          </div>
        )}
        <Claims node={node} claims={claims} whole={artifact?.prose === true} />
        {artifact !== null && artifact.lines.length > 0 && (
          <div className={cx(claims.length > 0 && 'mt-1.5 border-t border-line pt-1')}>
            <Remarks artifact={artifact} />
          </div>
        )}
        {artifact !== null && artifact.graph !== null && artifact.graph.nodes.length > 0 && (
          <div className="pt-2">
            <ArtifactGraph graph={artifact.graph} />
          </div>
        )}
        {artifact !== null && artifact.offers.length > 0 && (
          <div className="mt-1.5 border-t border-line pt-2">
            <ArtifactOffers run={node.run} offers={artifact.offers} />
          </div>
        )}
      </div>
    </NodeFrame>
  );
}

interface ClaimsProps {
  readonly node: NodeOf<'artifact'>;
  readonly claims: readonly CheckedClaim[];
  readonly whole: boolean;
}

function Claims({ node: { run, task }, claims, whole }: ClaimsProps) {
  return claims.map((checked) => (
    <Claim key={checked.claim.id} run={run} task={task} checked={checked} whole={whole} />
  ));
}

const NONE: readonly CheckedClaim[] = [];

/** The artifact's claims in its order, out of the evidence of its task. */
export function useClaims(node: NodeOf<'artifact'>, artifact: Artifact | null): readonly CheckedClaim[] {
  const evidence = useShownRun(node.run, (state) => ({
    claims: state.tasks.find(({ id }) => id === node.task)?.evidence ?? NONE,
  }));
  if (artifact === null || evidence === null) return NONE;
  const byId = new Map(evidence.claims.map((checked) => [checked.claim.id, checked]));
  return artifact.claims.flatMap((id) => byId.get(id) ?? []);
}

/** One claim and where it stands; one that did not hold says so before its words. */
function Claim({
  run,
  task,
  checked: { claim, verdict },
  whole,
}: {
  readonly run: string;
  readonly task: string;
  readonly checked: CheckedClaim;
  /** It is a sentence, read whole. */
  readonly whole: boolean;
}) {
  const text = useText();
  const { view } = useClient();
  const folder = useRun(run, (state) => ({ id: state.folder.id }))?.id ?? null;
  const { path, line } = claim.citation;
  // What a command wrote is no file: it stands with its call.
  const isOutput = claim.kind === 'executed';
  const open = () => {
    if (isOutput) view.select({ kind: 'task', run, task }, { reveal: true });
    else if (folder !== null) view.openCode({ folder, path, line });
  };
  return (
    <ClaimLine
      whole={whole}
      citation={
        <Citation
          file={isOutput ? text('app.inspector.evidence.output') : (path.split('/').at(-1) ?? path)}
          line={line}
          label={
            isOutput
              ? text('app.inspector.evidence.openOutput', { line })
              : text('app.document.openLine', { path, line })
          }
          className="nodrag"
          onClick={open}
        />
      }
    >
      {!verdict.checked && (
        <StateIcon
          state="unverified"
          size={12}
          label={text('app.state.unverified')}
          className="me-1.5 align-[-2px]"
        />
      )}
      <span title={plain(claim.text)}>
        <WithCode text={claim.text} />
      </span>
    </ClaimLine>
  );
}

/** Words between backticks are code. */
export function WithCode({ text }: { readonly text: string }) {
  const parts = text.split('`');
  // An odd backtick is only a sign.
  if (parts.length % 2 === 0) return text;
  return parts.map((part, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name than their place.
    <Fragment key={place}>{place % 2 === 1 ? <code>{part}</code> : part}</Fragment>
  ));
}

/** Words without the marks of code. */
export function plain(text: string): string {
  return text.replaceAll('`', '');
}

function Remarks({ artifact }: { readonly artifact: Artifact }) {
  return artifact.lines.map(({ text, detail }) => (
    <div key={`${text}/${detail ?? ''}`} className="flex min-h-[22px] min-w-0 items-baseline gap-2">
      {artifact.prose === true ? (
        <Markdown text={text} className={cx('min-w-0', detail === null && 'flex-1')} />
      ) : (
        <span className={cx('cut min-w-0', detail === null && 'flex-1')} title={plain(text)}>
          <WithCode text={text} />
        </span>
      )}
      {detail !== null && (
        <span className="cut ms-auto flex-none max-w-[60%] text-ink-3" title={plain(detail)}>
          <WithCode text={detail} />
        </span>
      )}
    </div>
  ));
}
