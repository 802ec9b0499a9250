import { Folder, FolderOpen } from 'lucide-react';
import { useClient, useText, useView, useViewStore, useWorkspace } from '../../client/index.ts';
import { Button, Dialog, PathText, Row } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { FolderPath } from './folder-step.tsx';
import { useOpenFolder, useOpenPath, useRefusal } from './open-folder.ts';

/** Opens a folder where the system has no dialog of its own, and says why one did not open. */
export function OpenFolderDialog() {
  const text = useText();
  const view = useViewStore();
  const open = useView(({ overlay }) => overlay === 'open-folder');
  const { pickFolder } = useClient().platform;
  const openFolder = useOpenFolder();
  const refusal = useRefusal();
  const close = () => view.setOverlay(null);
  const choose = () => {
    close();
    openFolder();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(shown) => view.setOverlay(shown ? 'open-folder' : null)}
      title={text('app.goal.openFolder.title')}
      close={text('app.goal.openFolder.close')}
    >
      <div className="flex flex-col gap-3">
        {pickFolder === null ? (
          <>
            <p className="text-small text-ink-2">{text('app.goal.openFolder.help')}</p>
            <FolderPath key={refusal?.path} first={refusal?.path} onOpened={close} />
          </>
        ) : (
          <div>
            <Button icon={FolderOpen} onClick={choose}>
              {text('app.goal.openFolder.other')}
            </Button>
          </div>
        )}
        {refusal !== null && (
          <div className="overflow-hidden rounded-card border border-line">
            <FaultCard fault={refusal.fault} live />
          </div>
        )}
        <Recent onOpened={close} />
      </div>
    </Dialog>
  );
}

/** Folders that were open before, the last one first. */
function Recent({ onOpened }: { readonly onOpened: () => void }) {
  const text = useText();
  const openPath = useOpenPath();
  const { folders } = useWorkspace();
  if (folders.length === 0) return null;
  const open = async (path: string) => {
    if ((await openPath(path)) === null) onOpened();
  };
  return (
    <div className="flex flex-col">
      <h3 className="min-h-6.5 ps-2 text-meta font-medium text-ink-3">
        {text('app.goal.firstMinute.recent')}
      </h3>
      {[...folders]
        .reverse()
        .slice(0, 6)
        .map(({ id, name, path }) => (
          <Row
            key={id}
            icon={Folder}
            end={<PathText path={path} className="max-w-56 text-meta!" />}
            onClick={() => void open(path)}
          >
            {name}
          </Row>
        ))}
    </div>
  );
}
