import { FilePlus } from 'lucide-react';
import { useState } from 'react';
import { useClient, useText } from '../../client/index.ts';
import { Button, Field, Input } from '../../design/index.ts';
import { AddForm } from './add-form.tsx';

/** Bounds of the context that a file is asked with, in tokens. */
const TOKENS = { least: 256, most: 1_000_000 };

/** A chat model in a GGUF file of the person's own. */
export function AddFile() {
  const text = useText();
  const { pickFile } = useClient().platform;
  const [path, setPath] = useState('');
  const [tokens, setTokens] = useState('');
  const contextTokens = tokens.trim() === '' ? null : Number(tokens);
  const wrong =
    contextTokens !== null &&
    !(Number.isInteger(contextTokens) && contextTokens >= TOKENS.least && contextTokens <= TOKENS.most);
  const missing = path.trim() === '' ? 'file' : wrong ? 'tokens' : null;
  const pick = async (ask: () => Promise<string | null>) => setPath((await ask()) ?? path);
  return (
    <AddForm
      means={['meansHere', 'meansTest', 'meansFiles'].map((key) => text(`app.chat.form.${key}`))}
      ready={
        missing === null
          ? { model: { from: 'file', path: path.trim(), contextTokens } }
          : { missing: text(`app.chat.form.missing.${missing}`) }
      }
    >
      <Field label={text('app.chat.form.path')} help={text('app.chat.form.pathHelp')}>
        {(binding) => (
          <span className="flex min-w-0 flex-wrap items-center gap-2">
            <Input
              {...binding}
              spellCheck={false}
              autoComplete="off"
              placeholder={text('app.chat.form.typed')}
              value={path}
              onChange={(event) => setPath(event.target.value)}
              className="min-w-56 flex-1"
            />
            {pickFile !== null && (
              <Button icon={FilePlus} onClick={() => void pick(pickFile)}>
                {text('app.chat.form.pick')}
              </Button>
            )}
          </span>
        )}
      </Field>
      <Field
        label={text('app.chat.form.tokens')}
        help={text('app.chat.form.tokensHelp')}
        {...(wrong && { error: text('app.chat.form.tokensWrong') })}
      >
        {(binding) => (
          <Input
            {...binding}
            inputMode="numeric"
            autoComplete="off"
            value={tokens}
            onChange={(event) => setTokens(event.target.value)}
            className="max-w-40"
          />
        )}
      </Field>
    </AddForm>
  );
}
