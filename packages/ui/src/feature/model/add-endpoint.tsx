import type { EndpointView, KeyKeeper } from '@soma/schemas/contract';
import { ChevronDown, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useEndpoints, useNearby, useText } from '../../client/index.ts';
import { Field, Icon, Input, Menu } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { AddForm, type AddFormProps, type AddModelProps } from './add-model.tsx';
import { KeyField, keeperOf } from './key-field.tsx';
import { ModelName } from './model-name.tsx';
import { isHere } from './words.ts';

/** A model at a server or service: which, where, its key, and its name from the server's list. */
export function AddEndpoint({ server }: AddModelProps) {
  const text = useText();
  const { value: table, fault } = useEndpoints();
  const found = useNearby().value?.find(({ address }) => address === server?.address) ?? null;
  const [endpoint, setEndpoint] = useState(server?.endpoint ?? '');
  const [typed, setTyped] = useState(server?.address ?? '');
  const [key, setKey] = useState('');
  const [chosen, setChosen] = useState<KeyKeeper | null>(null);
  const [model, setModel] = useState('');
  const picked = table?.endpoints.find(({ id }) => id === endpoint) ?? null;
  const keychain = table?.keychain ?? null;
  const keep = keeperOf(keychain, chosen);
  const usual = picked?.address ?? '';
  const address = typed.trim() === '' || typed.trim() === usual ? null : typed.trim();
  const at = address ?? usual;
  const given = key === '' ? null : key;
  const choose = (id: string) => {
    setEndpoint(id);
    setTyped('');
    setModel('');
    // A key is of one place: it does not go along to another.
    setKey('');
  };
  return (
    <AddForm
      means={useMeaning({ at, picked, found: found !== null && address === null })}
      ready={
        useReady({ picked, at, key, name: model.trim() }) ?? {
          model: { from: 'endpoint', endpoint, address, model: model.trim(), key: given, keep },
        }
      }
    >
      {fault !== null && <FaultLine fault={fault} />}
      <Field label={text('app.chat.form.server')} help={text('app.chat.form.serverHelp')}>
        {(binding) => (
          <EndpointChoice binding={binding} picked={picked} all={table?.endpoints ?? []} onChoose={choose} />
        )}
      </Field>
      {picked !== null && (
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
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          {at.startsWith('http:') && !isHere(at) && (
            <p role="status" className="flex items-start gap-2 text-small text-waiting-fg">
              <Icon of={TriangleAlert} size={14} className="mt-0.5" />
              {text('app.chat.form.open')}
            </p>
          )}
          <KeyField
            needed={picked.key === 'needed'}
            value={key}
            onValue={setKey}
            onKeep={setChosen}
            {...{ keep, keychain }}
          />
          <ModelName
            key={`${endpoint} ${at}`}
            value={model}
            onValue={setModel}
            by={{ endpoint, address, key: given }}
            at={at}
            known={address === null || address === found?.address ? (found?.models ?? null) : null}
          />
        </>
      )}
    </AddForm>
  );
}

interface Given {
  readonly picked: EndpointView | null;
  /** Where it will be asked. */
  readonly at: string;
}

/** What is still missing, and null once nothing is. */
function useReady({
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
    ...(isHere(at) ? [] : [said('meansPrice')]),
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
