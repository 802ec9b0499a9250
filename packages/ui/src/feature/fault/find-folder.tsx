import type { Fault } from '@soma/schemas/event';
import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useClient, useCommands, useText, useWorkspace } from '../../client/index.ts';
import { Button, Input } from '../../design/index.ts';
import { FaultLine } from './fault-line.tsx';

export interface FindFolderProps {
  readonly folder: string;
  /** A run that goes on once the folder is found. */
  readonly run?: string;
}

/** Points a folder that moved to where it is now: with the system's dialog, or by its path. */
export function FindFolder({ folder, run }: FindFolderProps) {
  const text = useText();
  const { platform, queries } = useClient();
  const commands = useCommands();
  const known = useWorkspace().folders.find(({ id }) => id === folder)?.path ?? '';
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState<Fault | null>(null);
  const move = async (path: string) => {
    const moved = await commands.moveFolder(folder, path);
    setRefused(moved.ok ? null : moved.fault);
    if (!moved.ok) return;
    setTyped(null);
    void queries.invalidateQueries({ queryKey: ['folder', folder] });
    if (run !== undefined) await commands.resume(run);
  };
  const find = async () => {
    if (platform.pickFolder === null) return setTyped(known);
    const path = await platform.pickFolder();
    if (path !== null) await move(path);
  };
  if (typed === null) {
    return (
      <>
        <Button kind="primary" small icon={FolderOpen} onClick={() => void find()}>
          {text('app.fault.find')}
        </Button>
        {refused !== null && <FaultLine fault={refused} />}
      </>
    );
  }
  return (
    <span className="flex w-full min-w-0 flex-wrap items-center gap-2">
      <Input
        autoFocus
        small
        spellCheck={false}
        aria-label={text('app.fault.path')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void move(typed.trim());
        }}
        className="mono flex-1"
      />
      <Button kind="primary" small onClick={() => void move(typed.trim())}>
        {text('app.fault.point')}
      </Button>
      {refused !== null && <FaultLine fault={refused} />}
    </span>
  );
}
