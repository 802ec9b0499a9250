import { useState } from 'react';
import { useClient, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';

/** Whether notifications are shown; where a browser wants to be asked, the button that asks it. */
export function NoticesControl() {
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
