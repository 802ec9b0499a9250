import { Cpu, Plus, RotateCcw } from 'lucide-react';
import { useAddedModels, useModels, useNearby, useText, useView, useViewStore } from '../../client/index.ts';
import { Button, EmptyState } from '../../design/index.ts';
import { AddModel } from './add-model.tsx';
import { AddedRow } from './added-row.tsx';
import { BudgetPart } from './budget-part.tsx';
import { ModelCard } from './model-card.tsx';
import { ModelTest } from './model-test.tsx';
import { NearbyServers } from './nearby-servers.tsx';
import { PageHead, Part } from './page-head.tsx';

/** Every model: those that were added, those found near, those that could be fetched; adding one, and the test of one. */
export function ModelsPage() {
  const place = useView(({ models }) => models);
  switch (place.at) {
    case 'list':
      return <Page>{<Models />}</Page>;
    case 'add':
      return <Page>{<AddModel server={place.server} />}</Page>;
    case 'test':
      return <Page>{<ModelTest key={place.added} added={place.added} />}</Page>;
    default:
      return place satisfies never;
  }
}

function Page({ children }: { readonly children: React.ReactNode }) {
  return (
    <div className="mx-auto flex w-[820px] max-w-[calc(100%-32px)] flex-col gap-4 py-6 *:flex-none">
      {children}
    </div>
  );
}

function Models() {
  const text = useText();
  const view = useViewStore();
  const added = useAddedModels();
  const fetched = useModels();
  const nearby = useNearby();
  const add = () => view.openModels({ at: 'add', server: null });
  return (
    <>
      <PageHead
        title={text('app.chat.title')}
        actions={
          <>
            <Button icon={RotateCcw} disabled={nearby.loading} onClick={nearby.again}>
              {text('app.chat.lookAgain')}
            </Button>
            <Button kind="primary" icon={Plus} onClick={add}>
              {text('app.chat.add')}
            </Button>
          </>
        }
      >
        <p className="max-w-[36rem] text-ink-2">{text('app.chat.help')}</p>
      </PageHead>
      <section aria-label={text('app.chat.list')} className="rounded-panel border border-line bg-card">
        {added.length === 0 ? (
          <EmptyState icon={Cpu} title={text('app.chat.none.title')} className="py-6">
            {text('app.chat.none.why')}
          </EmptyState>
        ) : (
          <ol>
            {added.map((model, place) => (
              <AddedRow key={model.id} model={model} first={place === 0} />
            ))}
          </ol>
        )}
      </section>
      <NearbyServers {...nearby} />
      <BudgetPart />
      {fetched.length > 0 && (
        <Part title={text('app.chat.meaning')}>
          <div className="px-4 py-2">
            {fetched.map((model) => (
              <ModelCard key={model.model} model={model} />
            ))}
          </div>
        </Part>
      )}
    </>
  );
}
