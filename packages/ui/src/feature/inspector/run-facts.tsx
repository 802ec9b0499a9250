import type { Outside } from '@soma/schemas/run';
import { useText } from '../../client/index.ts';
import { FootLine } from '../../design/index.ts';
import { useCostWords, useOutsideWords } from '../run/index.ts';
import { type Evidence, filesBehind } from './evidence.ts';

export interface RunFactsProps {
  readonly evidence: readonly Evidence[];
  readonly outside: Outside;
}

/** What a run read, what left this computer and what it cost. */
export function RunFacts({ evidence, outside }: RunFactsProps) {
  const text = useText();
  const cost = useCostWords();
  const left = useOutsideWords();
  const lines = new Set(evidence.map(({ claim: { citation } }) => `${citation.path}:${citation.line}`)).size;
  return (
    <>
      <FootLine name={text('app.inspector.facts.checked')}>
        {text('app.inspector.facts.files', { files: filesBehind(evidence), lines })}
      </FootLine>
      <FootLine name={text('app.inspector.facts.left')}>{left(outside)}</FootLine>
      <FootLine name={text('app.inspector.facts.cost')}>
        {text(outside.asked === 0 ? 'app.inspector.facts.noModel' : 'app.inspector.facts.models', {
          cost: cost(outside),
          asked: outside.asked,
        })}
      </FootLine>
    </>
  );
}
