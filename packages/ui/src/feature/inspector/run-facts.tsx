import { useFormats, useText } from '../../client/index.ts';
import { FootLine } from '../../design/index.ts';
import { type Evidence, filesBehind } from './evidence.ts';

/** What a run read, what left this computer and what it cost. No tool of this build sends anything and no model is called. */
export function RunFacts({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const text = useText();
  const formats = useFormats();
  const lines = new Set(evidence.map(({ claim: { citation } }) => `${citation.path}:${citation.line}`)).size;
  return (
    <>
      <FootLine name={text('app.inspector.facts.checked')}>
        {text('app.inspector.facts.files', { files: filesBehind(evidence), lines })}
      </FootLine>
      <FootLine name={text('app.inspector.facts.left')}>{text('app.inspector.facts.nothing')}</FootLine>
      <FootLine name={text('app.inspector.facts.cost')}>
        {text('app.inspector.facts.noModel', { cost: formats.money(0) })}
      </FootLine>
    </>
  );
}
