import type { ReactNode } from 'react';
import {
  ActionSamples,
  CostSample,
  FieldSamples,
  PeopleSamples,
  StateSamples,
} from './component-page-atoms.tsx';
import { ConditionSamples, MidSamples, NearSamples } from './component-page-nodes.tsx';
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

const COLUMNS = [
  {
    width: 'w-[292px]',
    parts: [
      { head: samples.states.head, Content: StateSamples },
      { head: samples.actions.head, Content: ActionSamples },
      { head: samples.fields.head, Content: FieldSamples },
      { head: samples.people.head, Content: PeopleSamples },
      { head: samples.cost.head, Content: CostSample },
    ],
  },
  {
    width: 'w-[640px]',
    parts: [
      { head: samples.near.head, Content: NearSamples },
      { head: samples.mid.head, Content: MidSamples },
      { head: samples.conditions.head, Content: ConditionSamples },
    ],
  },
  {
    width: 'w-[392px]',
    parts: [
      { head: samples.type.head, Content: TypeSamples },
      { head: samples.track.head, Content: TrackSample },
      { head: samples.edges.head, Content: EdgeSamples },
      { head: samples.cursor.head, Content: CursorSamples },
      { head: samples.stream.head, Content: StreamSamples },
      { head: samples.tip.head, Content: TipSamples },
    ],
  },
];

/** Every atom and node kind on one page of 1440 by 900, for reviewers. Its words are samples, not messages. */
export function ComponentPage() {
  return (
    <main className="h-[900px] w-[1440px] overflow-hidden bg-canvas px-7 py-4.5">
      <header className="mb-2 flex items-baseline gap-2">
        <h1 className="text-page">{samples.title}</h1>
        <span className="text-ink-2">{samples.subtitle}</span>
      </header>
      <div className="flex items-start gap-[30px]">
        {COLUMNS.map(({ width, parts }) => (
          <div key={width} className={`flex flex-col gap-2 ${width}`}>
            {parts.map(({ head, Content }) => (
              <Part key={head[0]} head={head}>
                <Content />
              </Part>
            ))}
          </div>
        ))}
      </div>
    </main>
  );
}
