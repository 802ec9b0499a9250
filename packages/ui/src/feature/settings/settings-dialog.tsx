import { type ReactNode, useState } from 'react';
import { useClient, useHost, useText, useView, useViewStore } from '../../client/index.ts';
import { Button, Dialog, PathText } from '../../design/index.ts';
import { Permissions } from './permissions.tsx';
import { ThemeControl } from './theme-control.tsx';

/** What can be set in this build, and where what it keeps lies. */
export function SettingsDialog() {
  const text = useText();
  const view = useViewStore();
  const open = useView(({ overlay }) => overlay === 'settings');
  const { dataFolder, version, person } = useHost();
  const openModels = () => {
    view.setOverlay(null);
    view.openPage('models');
  };
  return (
    <Dialog
      open={open}
      wide
      onOpenChange={(shown) => view.setOverlay(shown ? 'settings' : null)}
      title={text('app.settings.title')}
      close={text('app.settings.close')}
    >
      <div className="flex flex-col">
        <Setting name={text('app.settings.theme.title')} help={text('app.settings.theme.help')}>
          <ThemeControl />
        </Setting>
        <Setting name={text('app.settings.motion.title')} help={text('app.settings.motion.help')} />
        <Setting name={text('app.settings.permissions.title')} help={text('app.settings.permissions.help')} />
        <Permissions />
        <Setting name={text('app.settings.notices.title')} help={text('app.settings.notices.help')}>
          <NoticesControl />
        </Setting>
        <Setting name={text('app.settings.data.title')} help={text('app.settings.data.help')}>
          <PathText path={dataFolder} className="text-small" />
        </Setting>
        <Setting name={text('app.settings.models.title')} help={text('app.settings.models.help')}>
          <Button small onClick={openModels}>
            {text('app.settings.models.open')}
          </Button>
        </Setting>
        {(['plans', 'backups', 'queue'] as const).map((overlay) => (
          <Setting
            key={overlay}
            name={text(`app.settings.${overlay}.title`)}
            help={text(`app.settings.${overlay}.help`)}
          >
            <Button small onClick={() => view.setOverlay(overlay)}>
              {text(`app.settings.${overlay}.open`)}
            </Button>
          </Setting>
        ))}
        <Setting name={text('app.settings.person.title')} help={text('app.settings.person.help')}>
          {person.name}
        </Setting>
        <Setting name={text('app.settings.version.title')} help={text('app.settings.version.help')}>
          <bdi className="tabular-nums">{version}</bdi>
        </Setting>
      </div>
    </Dialog>
  );
}

/** Whether notifications are shown; where a browser wants to be asked, the button that asks it. */
function NoticesControl() {
  const text = useText();
  const { platform } = useClient();
  const [state, setState] = useState(platform.notices);
  if (state !== 'ask') return <span className="text-ink-2">{text(`app.settings.notices.${state}`)}</span>;
  return (
    <Button small onClick={() => void platform.allowNotices().then(() => setState(platform.notices()))}>
      {text('app.settings.notices.allow')}
    </Button>
  );
}

interface SettingProps {
  readonly name: string;
  readonly help: string;
  /** The control; none where the machine decides. */
  readonly children?: ReactNode;
}

function Setting({ name, help, children }: SettingProps) {
  return (
    <div className="flex min-h-13 min-w-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-t border-line py-2.5 first:border-t-0">
      <div className="min-w-56 flex-1">
        <h3 className="font-medium">{name}</h3>
        <p className="text-small text-ink-3">{help}</p>
      </div>
      {children !== undefined && <div className="min-w-0 max-w-full">{children}</div>}
    </div>
  );
}
