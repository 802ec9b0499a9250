import { useRun } from '../../client/index.ts';
import { FaultCard } from './fault-card.tsx';

/** Why a run is paused or ended badly, with what can be done about it; nothing when there is no such reason. */
export function RunFault({ run, className }: { readonly run: string; readonly className?: string }) {
  const held = useRun(run, ({ status, folder }) => ({
    fault: status.name === 'paused' || status.name === 'ended' ? status.fault : null,
    folder: folder.id,
    paused: status.name === 'paused',
  }));
  if (held === null || held.fault === null) return null;
  return (
    <FaultCard
      fault={held.fault}
      folder={held.folder}
      live
      className={className}
      {...(held.paused && { run })}
    />
  );
}
