import type { Outside } from '@soma/schemas/run';
import { useFormats, useText } from '../../client/index.ts';

/** What models took, in words: a sum, a sum and more, or that nobody knows. */
export function useCostWords(): (cost: Pick<Outside, 'dollars' | 'unpriced'>) => string {
  const text = useText();
  const formats = useFormats();
  return ({ dollars, unpriced }) => {
    if (unpriced === 0) return formats.money(dollars);
    return dollars === 0
      ? text('app.run.costUnknown')
      : text('app.run.costMore', { cost: formats.money(dollars) });
  };
}

/** What left this computer, in words. */
export function useOutsideWords(): (outside: Outside) => string {
  const text = useText();
  return ({ models, requests, commands }) => {
    const parts = [
      ...(models.length > 0
        ? [text('app.run.outside.models', { models: models.join(text('app.sign.comma')) })]
        : []),
      ...(requests > 0 ? [text('app.run.outside.requests', { requests })] : []),
      ...(commands > 0 ? [text('app.run.outside.commands', { commands })] : []),
    ];
    return parts.length === 0 ? text('app.run.fact.nothing') : parts.join(text('app.sign.comma'));
  };
}
