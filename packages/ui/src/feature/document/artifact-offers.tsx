import type { ArtifactOffer, Fault } from '@soma/schemas/event';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useClient, useCommands, useRun, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';

export interface ArtifactOffersProps {
  /** The run that made the offers: what comes next is about its folder and shown on its board. */
  readonly run: string;
  readonly offers: readonly ArtifactOffer[];
}

/** Runs that could come next: a button each, and below it the plan it follows with what it is given. */
export function ArtifactOffers({ run, offers }: ArtifactOffersProps) {
  const text = useText();
  const { view } = useClient();
  const commands = useCommands();
  const place = useRun(run, ({ folder, canvas }) => ({ folder: folder.id, canvas }));
  const [starting, setStarting] = useState(false);
  const [refused, setRefused] = useState<Fault | null>(null);
  const start = async ({ goal, plan, slots }: ArtifactOffer) => {
    if (place === null) return;
    setStarting(true);
    const answer = await commands.submitGoal({ text: goal, plan, slots, ...place });
    setStarting(false);
    setRefused(answer.ok ? null : answer.fault);
    if (!answer.ok) return;
    view.openCanvas(place.canvas);
    view.showRun(answer.run);
    view.select({ kind: 'run', run: answer.run });
  };
  return (
    <section aria-label={text('app.document.offers')} className="flex min-w-0 flex-col gap-1.5">
      {offers.map((offer) => (
        <div key={JSON.stringify(offer)} className="min-w-0">
          <Button
            small
            icon={Play}
            className="nodrag max-w-full"
            disabled={starting || place === null}
            onClick={() => void start(offer)}
          >
            <span className="cut">{offer.title}</span>
          </Button>
          <Given offer={offer} />
        </div>
      ))}
      {refused !== null && <FaultLine fault={refused} />}
    </section>
  );
}

/** The plan, and what its slots are given: all that a press submits besides the goal. */
function Given({ offer: { plan, slots } }: { readonly offer: ArtifactOffer }) {
  const text = useText();
  const given = Object.entries(slots).map(([name, value]) => text('app.document.offerSlot', { name, value }));
  const words = [text('app.document.offerPlan', { plan }), ...given].join(' · ');
  return (
    <p className="cut mt-0.5 text-meta text-ink-3" title={words}>
      {words}
    </p>
  );
}
