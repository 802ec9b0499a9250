import type { BackupsView, ProvenBackup } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { Archive, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useClient, useFormats, useText, useViewStore } from '../../client/index.ts';
import { Button, DescriptionList, Field, Input, PathText, ProgressBar } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';

export interface BackUpProps {
  readonly start: (folder: string | null) => void;
  /** One was asked for by this window and is not over yet. */
  readonly busy: boolean;
  readonly made: ProvenBackup | null;
  readonly refused: Fault | null;
  /** Where backups are made and looked for; null until the host told it. */
  readonly folder: string | null;
  readonly making: BackupsView['making'];
  /** The folder cannot be used. */
  readonly blocked: boolean;
}

/** Where to, the one button, how far it is, and what came of it. */
export function BackUp({ start, busy, made, refused, folder, making, blocked }: BackUpProps) {
  const text = useText();
  const underWay = busy || making !== null;
  return (
    <div className="flex flex-col gap-3">
      <Place key={folder} folder={folder} disabled={underWay} />
      <div className="flex min-h-7.5 flex-wrap items-center gap-3">
        <Button
          kind="primary"
          icon={Archive}
          disabled={underWay || blocked || folder === null}
          onClick={() => start(folder)}
        >
          {text('app.backups.now')}
        </Button>
        {!underWay && <span className="text-small text-ink-3">{text('app.backups.nowHelp')}</span>}
      </div>
      {underWay && <Going making={making} />}
      {!underWay && made !== null && <Made backup={made} />}
      {!underWay && refused !== null && (
        <div className="overflow-hidden rounded-card border border-line">
          <FaultCard fault={refused} live />
        </div>
      )}
    </div>
  );
}

/** The folder that backups lie in: chosen in the system's dialog, or typed. */
function Place({ folder, disabled }: { readonly folder: string | null; readonly disabled: boolean }) {
  const text = useText();
  const view = useViewStore();
  const { pickFolder } = useClient().platform;
  const [typed, setTyped] = useState(folder ?? '');
  const use = () => {
    const path = typed.trim();
    if (path !== (folder ?? '')) view.setBackupFolder(path === '' ? null : path);
  };
  const pick = async (ask: () => Promise<string | null>) => {
    const path = await ask();
    if (path !== null) view.setBackupFolder(path);
  };
  return (
    <Field label={text('app.backups.folder')}>
      {(binding) => (
        <span className="flex flex-wrap items-center gap-2">
          <Input
            {...binding}
            spellCheck={false}
            icon={FolderOpen}
            value={typed}
            disabled={disabled}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={use}
            onKeyDown={(event) => event.key === 'Enter' && use()}
            className="mono min-w-72 flex-1"
          />
          {pickFolder !== null && (
            <Button disabled={disabled} onClick={() => void pick(pickFolder)}>
              {text('app.backups.pick')}
            </Button>
          )}
        </span>
      )}
    </Field>
  );
}

const STEPS = { copying: 1, proving: 2 } as const;

/** Which of the two steps it is at: how long each takes is not known before. */
function Going({ making }: Pick<BackUpProps, 'making'>) {
  const text = useText();
  const phase = making?.phase ?? 'copying';
  const words = text(`app.backups.phase.${phase}`, { step: STEPS[phase], steps: 2 });
  return (
    <div className="flex flex-col gap-2">
      <p role="status">{words}</p>
      <ProgressBar value={(STEPS[phase] - 1) / 2} label={words} tone="running" />
      {making !== null && <PathText path={making.path} className="text-small text-ink-3" />}
    </div>
  );
}

/** What was made, where, and what was left out because it is gone or damaged. */
function Made({ backup: { path, counts } }: { readonly backup: ProvenBackup }) {
  const text = useText();
  const { size } = useFormats();
  const { textsMissing, textsDamaged } = counts;
  const facts = [
    { id: 'path', name: text('app.backups.fact.path'), value: <PathText path={path} /> },
    {
      id: 'size',
      name: text('app.backups.fact.size'),
      value: text('app.backups.files', { files: counts.files, size: size(counts.bytes) }),
    },
    { id: 'holds', name: text('app.backups.fact.holds'), value: text('app.backups.holds', { ...counts }) },
    ...(textsMissing + textsDamaged === 0
      ? []
      : [
          {
            id: 'without',
            name: text('app.backups.fact.without'),
            value: text('app.backups.without', { textsMissing, textsDamaged }),
          },
        ]),
  ];
  return (
    <div className="flex flex-col gap-2 rounded-card border border-line bg-sunken px-3 py-2.5">
      <p role="status" className="font-medium">
        {text('app.backups.proven')}
      </p>
      <DescriptionList facts={facts} className="tabular-nums" />
    </div>
  );
}
