import type { AddedModel } from '@soma/schemas/contract';
import { useFormats, useText } from '../../client/index.ts';
import { DescriptionList } from '../../design/index.ts';
import { Part } from './page-head.tsx';

/** What a named source says of the model. What nobody read is unknown, never nothing and never free. */
export function KnownFacts({ model: { known, local, file } }: { readonly model: AddedModel }) {
  const text = useText();
  const { count, money } = useFormats();
  const unknown = text('app.chat.unknown');
  const { price, contextTokens, outputTokens, licence, source } = known;
  const dollars = (amount: number | null) => (amount === null ? unknown : money(amount));
  const tokens = (amount: number | null) =>
    amount === null ? unknown : text('app.chat.test.tokens', { count: count(amount) });
  const priced = price.input !== null && price.output !== null;
  const facts = {
    price:
      price.input === null && price.output === null
        ? unknown
        : local && price.input === 0 && price.output === 0
          ? text('app.chat.test.priceHere', { price: money(0) })
          : text('app.chat.test.priceValue', { input: dollars(price.input), output: dollars(price.output) }),
    context: tokens(contextTokens),
    output: tokens(outputTokens),
    licence: licence ?? unknown,
    source:
      source === null
        ? text('app.chat.test.sourceNone')
        : text('app.chat.test.sourceValue', { name: source.name, read: source.read }),
    ...(file !== null && { sha256: <bdi className="mono break-all text-ink-2">{file.sha256}</bdi> }),
  };
  return (
    <Part title={text('app.chat.test.known')}>
      <div className="flex flex-col gap-1.5 px-4 py-2.5">
        <DescriptionList
          className="tabular-nums"
          facts={Object.entries(facts).map(([id, value]) => ({
            id,
            name: text(`app.chat.test.fact.${id}`),
            value,
          }))}
        />
        {!priced && !local && <p className="text-small text-ink-2">{text('app.chat.test.asks')}</p>}
      </div>
    </Part>
  );
}
