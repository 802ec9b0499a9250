import { useModels, useText, useView, useViewStore } from '../../client/index.ts';
import { Dialog } from '../../design/index.ts';
import { ModelCard } from './model-card.tsx';

/** Every model that can be fetched, and where it stands. */
export function ModelsDialog() {
  const text = useText();
  const view = useViewStore();
  const open = useView(({ overlay }) => overlay === 'models');
  const models = useModels();
  return (
    <Dialog
      open={open}
      wide
      onOpenChange={(shown) => view.setOverlay(shown ? 'models' : null)}
      title={text('app.model.title')}
      close={text('app.model.close')}
    >
      {models.length === 0 && <p className="py-2 text-ink-2">{text('app.model.none')}</p>}
      {models.map((model) => (
        <ModelCard key={model.model} model={model} />
      ))}
    </Dialog>
  );
}
