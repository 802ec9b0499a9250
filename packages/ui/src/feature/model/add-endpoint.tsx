import type { EndpointView, KeyKeeper } from '@soma/schemas/contract';
import { ChevronDown, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useEndpoints, useNearby, useText } from '../../client/index.ts';
import { Field, Icon, Input, Menu } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { AddForm, type AddFormProps } from './add-form.tsx';
import { KeyField, keeperOf } from './key-field.tsx';
import { ModelName } from './model-name.tsx';
import { isHere } from './words.ts';

export interface AddEndpointProps {
  /** A server that was found near and is to be asked; null where nothing is chosen yet. */
  readonly server: { readonly endpoint: string; readonly address: string } | null;
}

/** A model at a server or service: which, where, its key, and its name from the server's list. */
export function AddEndpoint({ server }: AddEndpointProps) {
  const text = useText();
  const form = useForm(server);
  const { picked, at, typed, key, keep, model, table } = form;
  const address = at === (picked?.address ?? '') ? null : at;
  const given = key === '' ? null : key;
  const missing = useMissing({ picked, at, key, name: model.trim() });
  return (
    <AddForm
      means={useMeaning({ picked, at, found: server !== null && at === server.address })}
      ready={
        missing ?? {
          model: {
            from: 'endpoint',
            endpoint: picked?.id ?? '',
            ...{ address, model: model.trim(), key: given, keep },
          },
        }
      }
    >
      {table.fault !== null && <FaultLine fault={table.fault} />}
      <Field label={text('app.chat.form.server')} help={text('app.chat.form.serverHelp')}>
        {(binding) => (
          <EndpointChoice
            binding={binding}
            picked={picked}
            all={table.value?.endpoints ?? []}
            onChoose={form.choose}
          />
        )}
      </Field>
      {picked !== null && (
        <>
          <AddressField usual={picked.address} typed={typed} at={at} onType={form.type} />
          <KeyField
            needed={picked.key === 'needed'}
            value={key}
            onValue={form.setKey}
            onKeep={form.setKeep}
            keep={keep}
            keychain={table.value?.keychain ?? null}
          />
          <ModelName
            key={`${picked.id} ${at}`}
            value={model}
            onValue={form.setModel}
            by={{ endpoint: picked.id, address, key: given }}
            at={at}
            known={form.known}
          />
        </>
      )}
    </AddForm>
  );
}

/** What is typed and chosen, and what of it follows from the table of endpoints. */
function useForm(server: AddEndpointProps['server']) {
  const table = useEndpoints();
  const found = useNearby().value ?? [];
  const [endpoint, setEndpoint] = useState(server?.endpoint ?? '');
  const [typed, setTyped] = useState(server?.address ?? '');
  const [key, setKey] = useState('');
  const [chosen, setKeep] = useState<KeyKeeper | null>(null);
  const [model, setModel] = useState('');
  const picked = table.value?.endpoints.find(({ id }) => id === endpoint) ?? null;
  const at = typed.trim() === '' ? (picked?.address ?? '') : typed.trim();
  const keep = keeperOf(table.value?.keychain ?? null, chosen);
  return {
    ...{ table, picked, at, typed, key, keep, model, setKey, setKeep, setModel, type: setTyped },
    /** Names that the server there listed when it was found; null where none was. */
    known: found.find(({ address, needsKey }) => address === at && !needsKey)?.models ?? null,
    choose: (id: string) => {
      setEndpoint(id);
      setTyped('');
      setModel('');
      // A key is of one place: it does not go along to another.
      setKey('');
    },
  };
}

interface AddressFieldProps {
  readonly usual: string;
  readonly typed: string;
  readonly at: string;
  readonly onType: (address: string) => void;
}

/** Where it is, and a warning where what is sent there can be read on the way. */
function AddressField({ usual, typed, at, onType }: AddressFieldProps) {
  const text = useText();
  return (
    <>
      <Field
        label={text('app.chat.form.address')}
        help={text('app.chat.form.addressHelp', { usual: usual === '' ? 'none' : usual })}
      >
        {(binding) => (
          <Input
            {...binding}
            spellCheck={false}
            autoComplete="off"
            maxLength={2000}
            placeholder={usual}
            value={typed}
            onChange={(event) => onType(event.target.value)}
          />
        )}
      </Field>
      {at.startsWith('http:') && !isHere(at) && (
        <p role="status" className="flex items-start gap-2 text-small text-waiting-fg">
          <Icon of={TriangleAlert} size={14} className="mt-0.5" />
          {text('app.chat.form.open')}
        </p>
      )}
    </>
  );
}

interface Given {
  readonly picked: EndpointView | null;
  /** Where it will be asked. */
  readonly at: string;
}

/** What is still missing, and null once nothing is. */
function useMissing({
  picked,
  at,
  key,
  name,
}: Given & { readonly key: string; readonly name: string }): { readonly missing: string } | null {
  const text = useText();
  const missing =
    picked === null
      ? 'server'
      : at === ''
        ? 'address'
        : picked.key === 'needed' && key === ''
          ? 'key'
          : name === ''
            ? 'model'
            : null;
  return missing === null ? null : { missing: text(`app.chat.form.missing.${missing}`) };
}

function useMeaning({ picked, at, found }: Given & { readonly found: boolean }): AddFormProps['means'] {
  const text = useText();
  const said = (key: string) => text(`app.chat.form.${key}`, { address: at });
  if (picked === null || at === '') return [said('meansTest'), said('meansFiles')];
  return [
    ...(found ? [said('meansTrust')] : []),
    said('meansTestSent'),
    said('meansFiles'),
    ...(isHere(at)
      ? picked.id === 'other' || picked.id === 'litellm'
        ? [said('meansThrough')]
        : []
      : [said('meansPrice')]),
  ];
}

interface EndpointChoiceProps {
  readonly binding: { readonly id: string };
  readonly picked: EndpointView | null;
  readonly all: readonly EndpointView[];
  readonly onChoose: (endpoint: string) => void;
}

/** The endpoints that are known by name, and any other. */
function EndpointChoice({ binding, picked, all, onChoose }: EndpointChoiceProps) {
  const text = useText();
  const nameOf = ({ name }: EndpointView) => (name === '' ? text('app.chat.form.other') : name);
  const face = picked === null ? text('app.chat.form.choose') : nameOf(picked);
  return (
    <Menu
      label={text('app.chat.form.server')}
      align="start"
      items={all.map((each) => ({
        id: each.id,
        label: nameOf(each),
        checked: each.id === picked?.id,
        ...(each.name !== '' && { detail: text(`app.chat.form.${each.local ? 'here' : 'hosted'}`) }),
        onSelect: () => onChoose(each.id),
      }))}
    >
      <button
        type="button"
        {...binding}
        className="inline-flex min-h-8 w-full items-center gap-2 rounded-control border border-line-ctl bg-card px-2.5 text-start transition-colors hover:bg-hover"
      >
        <span className="cut flex-1">{face}</span>
        <Icon of={ChevronDown} size={14} className="text-ink-3" />
      </button>
    </Menu>
  );
}
