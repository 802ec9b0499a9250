import type { Keychain, KeyKeeper } from '@soma/schemas/contract';
import { KeyRound } from 'lucide-react';
import { useText } from '../../client/index.ts';
import { Field, Input, Radios } from '../../design/index.ts';

export interface KeyFieldProps {
  readonly needed: boolean;
  readonly value: string;
  readonly keep: KeyKeeper;
  /** Null while it is not known. */
  readonly keychain: Keychain | null;
  readonly onValue: (key: string) => void;
  readonly onKeep: (keep: KeyKeeper) => void;
}

/** A key that is typed and not shown, and where it is kept; where no keychain protects it, why it is for this session alone. */
export function KeyField({ needed, value, keep, keychain, onValue, onKeep }: KeyFieldProps) {
  const text = useText();
  const choices = (['keychain', 'session'] as const).map((id) => ({
    id,
    label: text(`app.chat.form.${id}.label`),
    help: text(`app.chat.form.${id}.help`),
  }));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field
        label={text('app.chat.form.key')}
        help={text('app.chat.form.keyHelp', { needed: needed ? 'yes' : 'no' })}
      >
        {(binding) => (
          <Input
            {...binding}
            type="password"
            icon={KeyRound}
            autoComplete="off"
            spellCheck={false}
            maxLength={4096}
            value={value}
            onChange={(event) => onValue(event.target.value)}
          />
        )}
      </Field>
      {value !== '' && keychain === 'here' && (
        <Radios label={text('app.chat.form.keep')} items={choices} value={keep} onValueChange={onKeep} />
      )}
      {value !== '' && keychain !== null && keychain !== 'here' && (
        <p role="status" className="text-small text-ink-2">
          {text(`app.chat.form.why.${keychain}`)}
        </p>
      )}
    </div>
  );
}

/** Where a key is kept unless a person says otherwise. */
export function keeperOf(keychain: Keychain | null, chosen: KeyKeeper | null): KeyKeeper {
  return keychain === 'here' ? (chosen ?? 'keychain') : 'session';
}
