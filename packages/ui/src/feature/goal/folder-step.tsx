import { FolderOpen } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useClient, useFolderView, useFormats, useText } from '../../client/index.ts';
import { Button, Input } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { useOpenFolder, useOpenPath, useRefusal } from './open-folder.ts';
import { Step } from './step.tsx';
import type { Goal } from './use-goal.ts';

/** The first step: which folder, what is in it, and what may be done there. */
export function FolderStep({ goal }: { readonly goal: Goal }) {
  const text = useText();
  const openFolder = useOpenFolder();
  const { folder } = goal;
  const { pickFolder } = useClient().platform;
  const refusal = useRefusal();
  if (folder === null) {
    return (
      <Step number={1} state="current" title={text('app.goal.firstMinute.folder')}>
        {pickFolder === null ? (
          <FolderPath />
        ) : (
          <div className="flex items-center gap-3">
            <span className="flex-1 text-small text-ink-3">{text('app.goal.firstMinute.folderHelp')}</span>
            <Button kind="primary" small icon={FolderOpen} onClick={openFolder}>
              {text('app.goal.firstMinute.choose')}
            </Button>
          </div>
        )}
        {refusal !== null && <FaultCard fault={refusal.fault} live />}
      </Step>
    );
  }
  return (
    <Step
      number={1}
      state="done"
      title={text('app.goal.firstMinute.folderIs', { folder: folder.name })}
      end={
        <Button small onClick={openFolder}>
          {text('app.goal.firstMinute.change')}
        </Button>
      }
    >
      <FolderContents folder={folder.id} />
    </Step>
  );
}

function FolderContents({ folder }: { readonly folder: string }) {
  const text = useText();
  const formats = useFormats();
  const { language } = useClient().translator;
  const { value, fault } = useFolderView(folder);
  if (fault !== null) return <FaultCard fault={fault} folder={folder} />;
  if (value === null) return <p className="text-small text-ink-3">{text('app.goal.firstMinute.looking')}</p>;
  const names = value.languages.slice(0, 2).map(({ name }) => name);
  const files = text(value.more ? 'app.goal.firstMinute.moreFiles' : 'app.goal.firstMinute.files', {
    count: value.files,
    shown: formats.count(value.files),
  });
  const languages = new Intl.ListFormat(language).format(names);
  const contents =
    names.length === 0
      ? text('app.goal.firstMinute.contentsBare', { files })
      : text('app.goal.firstMinute.contents', { files, languages });
  return (
    <p className="text-small text-ink-3">
      {contents} {text('app.goal.firstMinute.rights')}
    </p>
  );
}

/** Where a browser tab names a folder: by its absolute path. */
export function FolderPath({
  first = '',
  onOpened,
}: {
  readonly first?: string;
  readonly onOpened?: () => void;
}) {
  const text = useText();
  const openPath = useOpenPath();
  const [path, setPath] = useState(first);
  const open = async () => {
    if (path.trim() !== '' && (await openPath(path.trim())) === null) onOpened?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') void open();
  };
  return (
    <div className="flex items-center gap-2">
      <Input
        autoFocus
        spellCheck={false}
        icon={FolderOpen}
        aria-label={text('app.goal.firstMinute.path')}
        placeholder={text('app.goal.firstMinute.pathExample')}
        value={path}
        onChange={(event) => setPath(event.target.value)}
        onKeyDown={onKeyDown}
        className="mono flex-1"
      />
      <Button kind="primary" onClick={() => void open()}>
        {text('app.goal.firstMinute.open')}
      </Button>
    </div>
  );
}
