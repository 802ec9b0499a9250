import type { ModelState } from '@soma/schemas/contract';
import { Check, CircleDashed, Cpu, FilePlus, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useFormats, useText } from '../../client/index.ts';
import { Button, Chip, DescriptionList, Icon, ProgressBar } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { FaultLine } from '../fault/fault-line.tsx';
import { FilePath } from './file-path.tsx';
import { type ModelHand, useModelHand } from './model-hand.ts';

const LOOKS: Readonly<Record<ModelState['state'], LucideIcon>> = {
  absent: CircleDashed,
  fetching: LoaderCircle,
  converting: LoaderCircle,
  ready: Check,
  failed: CircleDashed,
};

/** One model: what it brings, what is fetched from where, how it stands, and what can be done about it. */
export function ModelCard({ model }: { readonly model: ModelState }) {
  const text = useText();
  const hand = useModelHand(model);
  return (
    <section aria-label={model.model} className="flex min-w-0 flex-col gap-3 py-1.5">
      <header className="flex min-w-0 items-start gap-3">
        <span className="flex h-6 items-center">
          <Icon of={Cpu} size={18} className="text-ink-2" />
        </span>
        <div className="min-w-0 flex-1">
          <h3 className="flex min-w-0 flex-wrap items-center gap-2">
            <bdi className="text-reading font-semibold">{model.model}</bdi>
            <Chip icon={LOOKS[model.state]}>{text(`app.model.state.${model.state}`)}</Chip>
          </h3>
          <p className="text-small text-ink-2">{text(`app.model.about.${model.purpose}`)}</p>
        </div>
      </header>
      <Facts model={model} />
      {model.state === 'failed' && model.fault !== null && (
        <div className="overflow-hidden rounded-card border border-line">
          <FaultCard fault={model.fault} live actions={<span />} />
        </div>
      )}
      {hand.refused !== null && <FaultLine fault={hand.refused} />}
      <div className="flex min-h-[84px] flex-col gap-2 border-t border-line pt-3">
        <Standing model={model} hand={hand} />
      </div>
    </section>
  );
}

function Facts({ model }: { readonly model: ModelState }) {
  const text = useText();
  const { size } = useFormats();
  const kept = size(model.keptBytes);
  const facts = {
    fetched: size(model.fetchBytes),
    from: <bdi className="mono break-words">{model.source}</bdi>,
    kept: model.state === 'ready' ? kept : text('app.model.fact.about', { size: kept }),
    licence: <bdi>{model.licence}</bdi>,
    sha256: <bdi className="mono break-all text-ink-2">{model.sha256}</bdi>,
  };
  return (
    <DescriptionList
      facts={Object.entries(facts).map(([id, value]) => ({ id, name: text(`app.model.fact.${id}`), value }))}
    />
  );
}

interface StandingProps {
  readonly model: ModelState;
  readonly hand: ModelHand;
}

/** What can be done as it stands now. */
function Standing({ model, hand }: StandingProps) {
  const text = useText();
  const { size } = useFormats();
  switch (model.state) {
    case 'absent':
    case 'failed':
      return <Bring model={model} hand={hand} />;
    case 'fetching':
    case 'converting':
      return <Going model={model} hand={hand} />;
    case 'ready':
      return (
        <>
          <p role="status">{text('app.model.ready')}</p>
          <div className="flex flex-wrap items-center gap-3">
            <Button kind="danger" disabled={hand.busy} onClick={hand.remove}>
              {text('app.model.remove')}
            </Button>
            <span className="text-small text-ink-3">
              {text('app.model.removeHelp', { size: size(model.keptBytes) })}
            </span>
          </div>
        </>
      );
    default:
      return model.state satisfies never;
  }
}

/** The consent to fetch it, and the other way. */
function Bring({ model, hand }: StandingProps) {
  const text = useText();
  const { size } = useFormats();
  const { python } = model;
  return (
    <>
      <p className="text-small text-ink-2">
        {python
          ? text('app.model.consent', { size: size(model.fetchBytes) })
          : text('app.model.noPythonNext')}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          disabled={hand.busy}
          onClick={hand.fetch}
          {...(!python && { reason: text('app.model.noPythonNext') })}
        >
          {text(
            python
              ? model.state === 'failed'
                ? 'app.model.again'
                : 'app.model.fetch'
              : 'app.model.noPython',
          )}
        </Button>
        {hand.pick === null ? (
          <FilePath busy={hand.busy} onAdd={hand.add} />
        ) : (
          <Button icon={FilePlus} disabled={hand.busy} onClick={hand.pick}>
            {text('app.model.pick')}
          </Button>
        )}
      </div>
    </>
  );
}

/** How far it is, where that can be told, and the way to end it. */
function Going({ model, hand }: StandingProps) {
  const text = useText();
  const { size } = useFormats();
  const { state, done, total } = model;
  const known = done !== null && total !== null && total > 0;
  const words = known
    ? text(`app.model.progress.${state}`, { done: size(done), total: size(total) })
    : text(`app.model.progress.${state}Unknown`);
  return (
    <>
      <p className="tabular-nums">{words}</p>
      <p role="status" className="sr-only">
        {text(`app.model.state.${state}`)}
      </p>
      <ProgressBar value={known ? done / total : 0} label={words} tone="running" />
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={hand.busy} onClick={hand.stop}>
          {text('app.model.stop')}
        </Button>
        <span className="text-small text-ink-3">{text('app.model.stopped')}</span>
      </div>
    </>
  );
}
