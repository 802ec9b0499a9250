import type { NearbyServer } from '@soma/schemas/contract';
import { Server } from 'lucide-react';
import { type Asked, useAddedModels, useText, useViewStore } from '../../client/index.ts';
import { Button, Chip, Icon } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { Part } from './page-head.tsx';

/** Servers that answer on this computer. Found is not trusted, and said so before anything is sent. */
export function NearbyServers({ value, fault, loading }: Asked<readonly NearbyServer[]>) {
  const text = useText();
  return (
    <Part title={text('app.chat.near.title')}>
      <div className="flex min-w-0 flex-col gap-1.5 px-4 py-2.5">
        <p role="status" className="text-small text-ink-2">
          {loading && text('app.chat.near.looking')}
          {!loading &&
            value !== null &&
            text(value.length === 0 ? 'app.chat.near.none' : 'app.chat.near.help')}
        </p>
        {fault !== null && <FaultLine fault={fault} />}
        {value !== null && value.length > 0 && (
          <ul>
            {value.map((server) => (
              <ServerLine key={server.address} server={server} />
            ))}
          </ul>
        )}
      </div>
    </Part>
  );
}

function ServerLine({ server }: { readonly server: NearbyServer }) {
  const text = useText();
  const view = useViewStore();
  const added = useAddedModels().some(({ address }) => address === server.address);
  const { endpoint, endpointName, address, needsKey, models } = server;
  return (
    <li className="flex min-h-9.5 min-w-0 flex-wrap items-center gap-x-3 gap-y-1 py-1">
      <Icon of={Server} className="text-ink-2" />
      <span className="min-w-40 flex-1">
        <span className="font-medium">{endpointName}</span>{' '}
        <bdi className="mono text-small text-ink-2">{address}</bdi>
        <span className="block text-small text-ink-3">
          {needsKey ? text('app.chat.near.needsKey') : text('app.chat.near.listed', { count: models.length })}
        </span>
      </span>
      {added && <Chip>{text('app.chat.near.added')}</Chip>}
      <Button
        small
        aria-label={text('app.chat.near.addOf', { server: endpointName })}
        onClick={() => view.openModels({ at: 'add', server: { endpoint, address } })}
      >
        {text('app.chat.near.add')}
      </Button>
    </li>
  );
}
