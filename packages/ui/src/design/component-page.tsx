import type { ReactNode } from 'react';
import {
  ActionSamples,
  CostSample,
  FieldSamples,
  PeopleSamples,
  StateSamples,
} from './component-page-atoms.tsx';
import { ConditionSamples, FarSamples, MidSamples, NearSamples } from './component-page-nodes.tsx';
import samples from './component-page-samples.json';
import {
  CursorSamples,
  EdgeSamples,
  StreamSamples,
  TipSamples,
  TrackSample,
  TypeSamples,
} from './component-page-signs.tsx';

function Part({ head, children }: { readonly head: readonly string[]; readonly children: ReactNode }) {
  const [title, note] = head;
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <header className="flex h-[22px] items-baseline gap-2">
        <h2 className="text-small font-semibold">{title}</h2>
        <span className="cut text-meta text-ink-3">{note}</span>
      </header>
      {children}
    </section>
  );
}

/** Every atom and node kind on one page of 1440 by 900, for reviewers. Its words are samples, not messages. */
export function ComponentPage() {
  return (
    <main className="h-[900px] w-[1440px] overflow-hidden bg-canvas px-7 py-4.5">
      <header className="mb-2 flex items-baseline gap-2">
        <h1 className="text-page">{samples.title}</h1>
        <span className="text-ink-2">{samples.subtitle}</span>
      </header>
      <div className="flex items-start gap-[30px]">
        <div className="flex w-[292px] flex-col gap-2">
          <Part head={samples.states.head}>
            <StateSamples />
          </Part>
          <Part head={samples.actions.head}>
            <ActionSamples />
          </Part>
          <Part head={samples.fields.head}>
            <FieldSamples />
          </Part>
          <Part head={samples.people.head}>
            <PeopleSamples />
          </Part>
          <Part head={samples.cost.head}>
            <CostSample />
          </Part>
        </div>
        <div className="flex w-[640px] flex-col gap-2">
          <Part head={samples.near.head}>
            <NearSamples />
          </Part>
          <Part head={samples.mid.head}>
            <MidSamples />
          </Part>
          <Part head={samples.far.head}>
            <FarSamples />
          </Part>
          <Part head={samples.conditions.head}>
            <ConditionSamples />
          </Part>
        </div>
        <div className="flex w-[392px] flex-col gap-2">
          <Part head={samples.type.head}>
            <TypeSamples />
          </Part>
          <Part head={samples.track.head}>
            <TrackSample />
          </Part>
          <Part head={samples.edges.head}>
            <EdgeSamples />
          </Part>
          <Part head={samples.cursor.head}>
            <CursorSamples />
          </Part>
          <Part head={samples.stream.head}>
            <StreamSamples />
          </Part>
          <Part head={samples.tip.head}>
            <TipSamples />
          </Part>
        </div>
      </div>
    </main>
  );
}
