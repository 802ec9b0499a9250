import type { ListedPlan } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { FilePlus, Package } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import {
  useFaultText,
  useHost,
  useOwnPlans,
  usePlans,
  useText,
  useView,
  useViewStore,
} from '../../client/index.ts';
import { Button, Chip, Dialog, Icon, PathText } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { FaultLine } from '../fault/fault-line.tsx';

/** What was done last, or why it was not. */
type Told =
  | { readonly did: 'kept'; readonly plan: string }
  | { readonly did: 'removed'; readonly plan: string; readonly path: string }
  | { readonly did: 'nothing'; readonly file: string; readonly faults: readonly Fault[] };

/** A person's own plans: what there is and what is wrong with it, adding one from a file, removing one. */
export function OwnPlansDialog() {
  const text = useText();
  const view = useViewStore();
  const overlay = useView((state) => state.overlay);
  return (
    <Dialog
      open={overlay === 'plans' || overlay === 'add-plan'}
      wide
      onOpenChange={(shown) => view.setOverlay(shown ? 'plans' : null)}
      title={text('app.ownPlans.title')}
      close={text('app.ownPlans.close')}
    >
      <OwnPlans />
    </Dialog>
  );
}

function OwnPlans() {
  const text = useText();
  const { dataFolder } = useHost();
  const { value, fault } = usePlans(true);
  const { forget } = useOwnPlans();
  const [told, setTold] = useState<Told | null>(null);
  const [refused, setRefused] = useState<{ readonly plan: string; readonly fault: Fault } | null>(null);
  const own = value?.filter((plan) => plan.own) ?? [];
  const remove = async (plan: string) => {
    const answer = await forget(plan);
    setTold(answer.ok ? { did: 'removed', plan, path: answer.path } : null);
    setRefused(answer.ok ? null : { plan, fault: answer.fault });
  };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-56 flex-1 text-small text-ink-2">
          {text('app.ownPlans.help', { folder: `${dataFolder}/plans` })}
        </p>
        <AddPlan onTold={setTold} />
      </div>
      {told !== null && <ToldLines told={told} />}
      {fault !== null && (
        <div className="overflow-hidden rounded-card border border-line">
          <FaultCard fault={fault} live />
        </div>
      )}
      {value !== null && own.length === 0 && (
        <p className="text-small text-ink-2">{text('app.ownPlans.none')}</p>
      )}
      {own.length > 0 && (
        <ul className="overflow-hidden rounded-card border border-line bg-card">
          {own.map((plan) => (
            <PlanLine
              key={plan.path}
              plan={plan}
              refused={refused?.plan === plan.name ? refused.fault : null}
              onRemove={() => void remove(plan.name)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

/** The button with the system's own picker of files behind it; it opens at once where that was what was asked for. */
function AddPlan({ onTold }: { readonly onTold: (told: Told) => void }) {
  const text = useText();
  const view = useViewStore();
  const isAsked = useView(({ overlay }) => overlay === 'add-plan');
  const { keep } = useOwnPlans();
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!isAsked) return;
    view.setOverlay('plans');
    picker.current?.click();
  }, [isAsked, view]);
  const add = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (file === undefined) return;
    const answer = await keep(file);
    // The same file can be chosen again once it was corrected.
    input.value = '';
    onTold(
      answer.ok
        ? { did: 'kept', plan: answer.plan }
        : { did: 'nothing', file: file.name, faults: answer.faults },
    );
  };
  return (
    <>
      <input
        ref={picker}
        type="file"
        accept=".yaml,.yml"
        hidden
        onChange={(event) => void add(event.currentTarget)}
      />
      <Button kind="primary" icon={FilePlus} onClick={() => picker.current?.click()}>
        {text('app.ownPlans.add')}
      </Button>
    </>
  );
}

function ToldLines({ told }: { readonly told: Told }) {
  const text = useText();
  if (told.did !== 'nothing') {
    const { did, ...values } = told;
    return (
      <p role="status" className="text-small text-ink">
        {text(`app.ownPlans.${did}`, values)}
      </p>
    );
  }
  const { file, faults } = told;
  return (
    <section role="alert" className="flex flex-col gap-1 rounded-card border border-line bg-sunken px-3 py-2">
      <h3 className="text-small font-medium text-failed-fg">
        {text('app.ownPlans.wrong', { file, count: faults.length })}
      </h3>
      <FaultLines faults={faults} />
    </section>
  );
}

/** Each fault with the line it stands on. */
function FaultLines({ faults }: { readonly faults: readonly Fault[] }) {
  const text = useText();
  const faultText = useFaultText();
  return (
    <ol className="flex max-h-56 flex-col gap-1 overflow-y-auto">
      {faults.map((fault, index) => {
        const line = fault.data['line'];
        const { cause, code } = faultText(fault);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two faults of one file may be alike in everything.
          <li key={index} className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-small">
            <bdi className="w-14 flex-none text-meta text-ink-3 tabular-nums">
              {typeof line === 'number' ? text('app.ownPlans.line', { line }) : ''}
            </bdi>
            <span className="min-w-40 flex-1 text-ink">{cause}</span>
            <code className="text-meta text-ink-3">{code}</code>
          </li>
        );
      })}
    </ol>
  );
}

interface PlanLineProps {
  readonly plan: ListedPlan;
  readonly refused: Fault | null;
  readonly onRemove: () => void;
}

function PlanLine({ plan, refused, onRemove }: PlanLineProps) {
  const text = useText();
  const { name, title, description, version, rights, path, faults } = plan;
  const may = rights.map((right) => text(`app.ownPlans.right.${right}`)).join(text('app.sign.comma'));
  return (
    <li className="flex min-w-0 flex-col gap-1.5 border-t border-line px-3 py-2.5 first:border-t-0">
      <div className="flex min-w-0 items-start gap-3">
        <Icon of={Package} className="mt-0.5 text-ink-2" />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{title ?? name}</span>
            {title !== null && <code className="text-meta text-ink-3">{name}</code>}
            {faults.length > 0 && <Chip>{text('app.ownPlans.notUsed')}</Chip>}
          </span>
          {description !== null && <span className="text-small text-ink-2">{description}</span>}
          {version !== null && (
            <span className="text-small text-ink-3">
              {text('app.ownPlans.version', { version })}
              {text('app.sign.comma')}
              {text('app.ownPlans.rights', { rights: may === '' ? 'none' : may })}
            </span>
          )}
          {path !== null && <PathText path={path} className="text-meta" />}
        </span>
        <Button small aria-label={text('app.ownPlans.removeOf', { plan: name })} onClick={onRemove}>
          {text('app.ownPlans.remove')}
        </Button>
      </div>
      <FaultLines faults={faults} />
      {refused !== null && <FaultLine fault={refused} />}
    </li>
  );
}
