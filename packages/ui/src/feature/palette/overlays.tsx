import { BackupsDialog } from '../data/backups-dialog.tsx';
import { OpenFolderDialog } from '../goal/open-folder-dialog.tsx';
import { OwnPlansDialog } from '../plan/own-plans-dialog.tsx';
import { QueueDialog } from '../queue/queue-dialog.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { CheatSheet } from './cheat-sheet.tsx';
import { Palette } from './palette.tsx';
import { useCommandKeys } from './use-commands.ts';

/** All that floats over everything, and the keys of the command table. Stands once in the app. */
export function Overlays() {
  useCommandKeys();
  return (
    <>
      <Palette />
      <CheatSheet />
      <SettingsDialog />
      <OpenFolderDialog />
      <OwnPlansDialog />
      <BackupsDialog />
      <QueueDialog />
    </>
  );
}
