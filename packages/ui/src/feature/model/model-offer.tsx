import { Cpu, X } from 'lucide-react';
import { useFormats, useModels, useRuns, useText, useView, useViewStore } from '../../client/index.ts';
import { Button, Icon, IconButton } from '../../design/index.ts';

/** Offers a model once, after a first result and not before; taken or put away, it does not come again. */
export function ModelOffer() {
  const text = useText();
  const { size } = useFormats();
  const view = useViewStore();
  const offered = useView((state) => state.offered);
  const result = useRuns().some(({ phase }) => phase === 'verified');
  const absent = useModels().find(({ state }) => state === 'absent');
  if (offered || !result || absent === undefined) return null;
  const see = () => {
    view.putOfferAway();
    view.openPage('models');
  };
  return (
    <section
      aria-label={text('app.model.offer.label')}
      className="flex min-h-9 w-[588px] max-w-full items-center gap-x-2 rounded-card border border-line-2 bg-raised ps-3.5 pe-1.5 text-small shadow-2 animate-appear"
    >
      <Icon of={Cpu} size={14} className="text-ink-3" />
      <h3 className="cut text-small">{text('app.model.offer.title')}</h3>
      <p className="cut flex-1 text-ink-2">
        {text('app.model.offer.body', { size: size(absent.fetchBytes) })}
      </p>
      <Button kind="link" onClick={see}>
        {text('app.model.offer.see')}
      </Button>
      <IconButton
        small
        icon={X}
        tipSide="top"
        label={text('app.model.offer.later')}
        onClick={view.putOfferAway}
      />
    </section>
  );
}
