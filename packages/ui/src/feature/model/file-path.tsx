import { FilePlus } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../client/index.ts';
import { Button, Input } from '../../design/index.ts';

export interface FilePathProps {
  readonly busy: boolean;
  readonly onAdd: (path: string) => void;
}

/** Names a file by its path, where the system has no dialog of its own. */
export function FilePath({ busy, onAdd }: FilePathProps) {
  const text = useText();
  const [path, setPath] = useState('');
  const add = () => {
    if (path.trim() !== '' && !busy) onAdd(path.trim());
  };
  return (
    <span className="flex min-w-72 flex-1 items-center gap-2">
      <Input
        spellCheck={false}
        icon={FilePlus}
        aria-label={text('app.model.path')}
        placeholder={text('app.model.path')}
        value={path}
        onChange={(event) => setPath(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && add()}
        className="flex-1"
      />
      <Button disabled={busy || path.trim() === ''} onClick={add}>
        {text('app.model.add')}
      </Button>
    </span>
  );
}
