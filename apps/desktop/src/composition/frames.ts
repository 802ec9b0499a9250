import type { Hub, HubMember } from '@soma/agent-core/port';
import { type FlowDuplex, framePort } from '@soma/schemas/contract';

/** A window that takes no frames while this many bytes wait for it is not there any more; it joins anew when it is. */
const MOST_WAITING = 128 * 1024 * 1024;

/** Connects the document frames of a pipe to the hub, unread, until the pipe closes. */
export function connectFrames(pipe: FlowDuplex, hub: Hub, member: HubMember): void {
  const { send, onFrame } = framePort(pipe);
  const leave = hub.connect(
    {
      send: (frame) => {
        if (pipe.pending() > MOST_WAITING) pipe.close();
        else send(frame);
      },
      onFrame,
    },
    member,
  );
  pipe.onClose(leave);
}
