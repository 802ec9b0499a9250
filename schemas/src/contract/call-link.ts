import { RPCLink } from '@orpc/client/message-port';
import { callPort, type Duplex } from './duplex.ts';

const links = new WeakMap<Duplex, RPCLink<Record<never, never>>>();

/**
 * The one link for calls over a pipe, whoever asks. It counts the ids of its calls, so a second one on the same pipe would take
 * the first one's answers for its own.
 */
export function callLink(duplex: Duplex): RPCLink<Record<never, never>> {
  const known = links.get(duplex);
  if (known !== undefined) return known;
  const link = new RPCLink({ port: callPort(duplex) });
  links.set(duplex, link);
  return link;
}
