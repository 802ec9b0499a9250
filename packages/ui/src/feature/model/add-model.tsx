import type { ModelToAdd } from '@soma/schemas/contract';
import { useState } from 'react';
import { useText } from '../../client/index.ts';
import { Radios } from '../../design/index.ts';
import { AddEndpoint, type AddEndpointProps } from './add-endpoint.tsx';
import { AddFile } from './add-file.tsx';
import { PageHead } from './page-head.tsx';

/** Adding a model: from a server or service, or from a file. Nothing is sent before a person presses a button that says so. */
export function AddModel({ server }: AddEndpointProps) {
  const text = useText();
  const [from, setFrom] = useState<ModelToAdd['from']>('endpoint');
  const choices = (['endpoint', 'file'] as const).map((id) => ({
    id,
    label: text(`app.chat.form.${id}.label`),
    help: text(`app.chat.form.${id}.help`),
  }));
  return (
    <>
      <PageHead inner title={text('app.chat.form.title')}>
        <div className="pt-2">
          <Radios label={text('app.chat.form.from')} items={choices} value={from} onValueChange={setFrom} />
        </div>
      </PageHead>
      {from === 'endpoint' ? <AddEndpoint server={server} /> : <AddFile />}
    </>
  );
}
