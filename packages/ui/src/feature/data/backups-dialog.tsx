import type { OwnCopies, SetAside } from '@soma/schemas/contract';
import { useBackUp, useBackups, useFormats, useText, useView, useViewStore } from '../../client/index.ts';
import { Dialog, PathText } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { BackUp } from './back-up.tsx';
import { BackupLine } from './backup-line.tsx';

/** Making a backup, those there are, and how one is restored. */
export function BackupsDialog() {
  const text = useText();
  const view = useViewStore();
  const open = useView(({ overlay }) => overlay === 'backups');
  return (
    <Dialog
      open={open}
      wide
      onOpenChange={(shown) => view.setOverlay(shown ? 'backups' : null)}
      title={text('app.backups.title')}
      close={text('app.backups.close')}
    >
      <Backups />
    </Dialog>
  );
}

function Backups() {
  const text = useText();
  const folder = useView(({ backupFolder }) => backupFolder);
  const backUp = useBackUp();
  const { value, fault } = useBackups(folder, backUp.busy);
  const making = value?.making ?? null;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-small text-ink-2">{text('app.backups.help')}</p>
      <BackUp {...backUp} folder={value?.folder ?? folder} making={making} blocked={fault !== null} />
      {fault !== null && (
        <div className="overflow-hidden rounded-card border border-line">
          <FaultCard fault={fault} live />
        </div>
      )}
      <section
        aria-label={text('app.backups.there')}
        className="flex flex-col gap-2 border-t border-line pt-3"
      >
        <h3 className="font-medium">{text('app.backups.there')}</h3>
        {value === null && fault === null && (
          <p role="status" className="text-small text-ink-3">
            {text('app.backups.looking')}
          </p>
        )}
        {value?.backups.length === 0 && <p className="text-small text-ink-2">{text('app.backups.none')}</p>}
        {value !== null && value.backups.length > 0 && (
          <ul className="overflow-hidden rounded-card border border-line bg-card">
            {value.backups.map((backup) => (
              <BackupLine key={backup.path} backup={backup} />
            ))}
          </ul>
        )}
        {value !== null && value.more > 0 && (
          <p className="text-small text-ink-3">{text('app.backups.more', { more: value.more })}</p>
        )}
      </section>
      {value !== null && value.own.length > 0 && <Own own={value.own} />}
      {value !== null && value.aside.length > 0 && <Aside aside={value.aside} />}
    </div>
  );
}

/** What is copied by itself, and what that does not help against. */
function Own({ own }: { readonly own: readonly OwnCopies[] }) {
  const text = useText();
  const { exact, size } = useFormats();
  return (
    <section
      aria-label={text('app.backups.own.title')}
      className="flex flex-col gap-1 border-t border-line pt-3 pb-1"
    >
      <h3 className="font-medium">{text('app.backups.own.title')}</h3>
      <p className="text-small text-ink-3">{text('app.backups.own.help')}</p>
      <ul className="text-small text-ink-2 tabular-nums">
        {own.map(({ database, copies, newest, bytes }) => (
          <li key={database}>
            {text('app.backups.own.line', { database, copies, time: exact(newest), size: size(bytes) })}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What nothing reads any more and only a person may remove. */
function Aside({ aside }: { readonly aside: readonly SetAside[] }) {
  const text = useText();
  const { exact, size } = useFormats();
  return (
    <section
      aria-label={text('app.backups.setAside.title')}
      className="flex flex-col gap-1 border-t border-line pt-3 pb-1"
    >
      <h3 className="font-medium">{text('app.backups.setAside.title')}</h3>
      <p className="text-small text-ink-3">{text('app.backups.setAside.help')}</p>
      <ul className="flex flex-col gap-1 text-small text-ink-2 tabular-nums">
        {aside.map(({ path, why, time, bytes }) => (
          <li key={path} className="min-w-0">
            {text('app.backups.setAside.line', {
              why,
              dated: time === null ? 'no' : 'yes',
              time: time === null ? '' : exact(time),
              size: size(bytes),
            })}
            <PathText path={path} className="block text-meta text-ink-3" />
          </li>
        ))}
      </ul>
    </section>
  );
}
