import type { Fault, Permission } from '@soma/schemas/event';
import { useState } from 'react';
import { useClient, useCommands, useFormats, useText, useWorkspace } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';

/** What runs may do in a folder without asking again, each to be taken back. */
export function Permissions() {
  const text = useText();
  const { permissions } = useWorkspace();
  if (permissions.length === 0)
    return <p className="pb-2.5 text-small text-ink-2">{text('app.settings.permissions.none')}</p>;
  return (
    <ul className="mb-2.5 overflow-hidden rounded-card border border-line bg-card">
      {permissions.map((permission) => (
        <PermissionLine key={permission.id} permission={permission} />
      ))}
    </ul>
  );
}

/** One standing permission: what it covers, where, until when, and the button that takes it back. */
export function PermissionLine({ permission }: { readonly permission: Permission }) {
  const text = useText();
  const formats = useFormats();
  const commands = useCommands();
  const { folders } = useWorkspace();
  const { language } = useClient().translator;
  const [refused, setRefused] = useState<Fault | null>(null);
  const { id, tool, argumentsHash, until } = permission;
  const folder = folders.find((each) => each.id === permission.folder);
  const name = folder?.name ?? text('app.settings.permissions.unknownFolder');
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(until));
  const over = Date.parse(until) <= Date.now();
  const revoke = async () => {
    const recorded = await commands.revoke(id);
    setRefused(recorded.ok ? null : recorded.fault);
  };
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-2 first:border-t-0">
      <span className="flex min-w-0 flex-1 basis-64 flex-col">
        <span className="flex min-w-0 items-baseline gap-2">
          <code className="flex-none font-medium">{tool}</code>
          <span className="cut text-small text-ink-2">
            {argumentsHash === null
              ? text('app.settings.permissions.every')
              : text('app.settings.permissions.exact', { hash: argumentsHash.slice(0, 12) })}
          </span>
        </span>
        <span className="cut text-small text-ink-3" title={folder?.path}>
          {name}
        </span>
      </span>
      <span className="flex-none text-small text-ink-3 tabular-nums" title={formats.exact(until)}>
        {text(over ? 'app.settings.permissions.over' : 'app.settings.permissions.until', { date })}
      </span>
      <Button
        small
        aria-label={text('app.settings.permissions.revokeOf', { tool, folder: name })}
        onClick={() => void revoke()}
      >
        {text('app.settings.permissions.revoke')}
      </Button>
      {refused !== null && <FaultLine fault={refused} />}
    </li>
  );
}
