import { Cpu } from 'lucide-react';
import { useFormats, useModels, useRuns, useText, useView, useViewStore } from '../../client/index.ts';
import { Button, Icon } from '../../design/index.ts';

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
    view.setOverlay('models');
  };
  return (
    <section
      aria-label={text('app.model.offer.label')}
      className="flex w-[588px] max-w-full flex-wrap items-center gap-x-3 gap-y-2 rounded-card border border-line-2 bg-raised px-3.5 py-2.5 shadow-2 animate-appear"
    >
      <Icon of={Cpu} size={16} className="text-ink-2" />
      <div className="min-w-0 flex-1 basis-64">
        <h3>{text('app.model.offer.title')}</h3>
        <p className="text-small text-ink-2">
          {text('app.model.offer.body', { size: size(absent.fetchBytes) })}
        </p>
      </div>
      <span className="flex flex-none gap-2">
        <Button small onClick={see}>
          {text('app.model.offer.see')}
        </Button>
        <Button small kind="quiet" onClick={view.putOfferAway}>
          {text('app.model.offer.later')}
        </Button>
      </span>
    </section>
  );
}
