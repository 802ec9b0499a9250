import type { ListedBackup } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { Archive, Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { useFaultText, useFormats, useHost, useText } from '../../client/index.ts';
import { Button, Icon, IconButton, PathText } from '../../design/index.ts';

/** One backup: when it was made, what it holds, and how it is restored; or why it cannot be. */
export function BackupLine({ backup }: { readonly backup: ListedBackup }) {
  const text = useText();
  const { exact, size } = useFormats();
  const [open, setOpen] = useState(false);
  const how = useId();
  return (
    <li className="flex min-w-0 flex-col gap-1.5 border-t border-line px-3 py-2.5 first:border-t-0">
      <div className="flex min-w-0 items-start gap-3">
        <Icon of={Archive} className="mt-0.5 text-ink-2" />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="font-medium tabular-nums">
            {backup.ok ? exact(backup.time) : text('app.backups.broken')}
          </span>
          {backup.ok && (
            <span className="text-small text-ink-3 tabular-nums">
              {text('app.backups.line', { runs: backup.counts.runs, size: size(backup.counts.bytes) })}
            </span>
          )}
          <PathText path={backup.path} className="text-meta text-ink-3" />
        </span>
        {backup.ok && (
          <Button
            small
            aria-expanded={open}
            aria-controls={how}
            aria-label={text('app.backups.restoreOf', { time: exact(backup.time) })}
            onClick={() => setOpen(!open)}
          >
            {text('app.backups.restore')}
          </Button>
        )}
      </div>
      {!backup.ok && <Broken fault={backup.fault} />}
      <div id={how} hidden={!open}>
        <Restore path={backup.path} />
      </div>
    </li>
  );
}

/** Why it cannot be used, and what to do instead. */
function Broken({ fault }: { readonly fault: Fault }) {
  const { cause, next, code } = useFaultText()(fault);
  return (
    <p className="text-small text-failed-fg">
      {cause} {next} <code className="text-meta">{code}</code>
    </p>
  );
}

/** What has no meaning to a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** The command that restores a backup: the host has to be gone for it, so no button here can do it. */
function Restore({ path }: { readonly path: string }) {
  const text = useText();
  const { dataFolder } = useHost();
  const command = `soma restore ${PLAIN.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`}`;
  return (
    <div className="flex flex-col gap-1.5 text-small text-ink-2">
      <p>{text('app.backups.how')}</p>
      <div className="relative">
        <section
          aria-label={text('app.backups.command')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          className="overflow-x-auto rounded-control border border-line bg-sunken py-1.5 ps-2.5 pe-9"
        >
          <code className="whitespace-pre">{command}</code>
        </section>
        <IconButton
          small
          icon={Copy}
          label={text('app.backups.copy')}
          onClick={() => void navigator.clipboard.writeText(command)}
          className="absolute! end-1 top-1 bg-sunken"
        />
      </div>
      <p>{text('app.backups.aside', { folder: dataFolder })}</p>
    </div>
  );
}
