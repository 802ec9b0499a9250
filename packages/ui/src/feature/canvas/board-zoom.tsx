import { useStore } from '@xyflow/react';
import { useClient, useFormats, useText, useView } from '../../client/index.ts';
import { ZoomControls } from '../../design/index.ts';
import { capsOf, isMac } from '../palette/keys.ts';
import type { Camera } from './camera.ts';

/** Zoom, fit and map, bottom right of the board. */
export function BoardZoom({ camera }: { readonly camera: Camera }) {
  const text = useText();
  const formats = useFormats();
  const { view } = useClient();
  const map = useView((state) => state.map);
  const percent = useStore(({ transform }) => Math.round(transform[2] * 100));
  const mac = isMac(navigator);
  return (
    <ZoomControls
      label={text('app.canvas.zoom.label')}
      labels={{
        out: text('app.canvas.zoom.out'),
        in: text('app.canvas.zoom.in'),
        reset: text('app.canvas.zoom.reset'),
        fit: text('app.canvas.zoom.fit'),
        map: text('app.canvas.zoom.map'),
      }}
      keys={{
        out: capsOf('Mod+-', mac),
        in: capsOf('Mod++', mac),
        reset: capsOf('Mod+0', mac),
        fit: capsOf('Shift+1', mac),
      }}
      onZoom={(direction) => {
        if (direction === 'fit') camera.fit();
        else camera.zoom(direction === 'reset' ? 'whole' : direction);
      }}
      mapShown={map}
      onMapShownChange={() => view.toggleMap()}
    >
      {text('app.canvas.zoom.percent', { percent: formats.count(percent) })}
    </ZoomControls>
  );
}
