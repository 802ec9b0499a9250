import { Fault, FaultError } from '@soma/schemas/event';
import { z } from 'zod';

/** Where the hub finds its database, and how its last owner left. */
export const HubPlace = z.object({ folder: z.string().min(1), exit: z.enum(['clean', 'unclean']) });
export type HubPlace = z.infer<typeof HubPlace>;

/** The hub's first word: it is there (`told` names what it found damaged and mended), or it could not start. */
export const HubGreeting = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), told: z.array(Fault) }),
  z.object({ type: z.literal('failed'), fault: Fault }),
]);
export type HubGreeting = z.infer<typeof HubGreeting>;

/** What a hub that was just started tells. Throws its fault when it could not start, HOST_UNREACHABLE when it ended without a word. */
export async function greeted(word: Promise<unknown>, ended: Promise<void>): Promise<readonly Fault[]> {
  const said = await Promise.race([word, ended.then(() => null)]);
  if (said === null) throw new FaultError('HOST_UNREACHABLE', { part: 'hub' });
  const greeting = HubGreeting.parse(said);
  if (greeting.type === 'ready') return greeting.told;
  const { code, data, retry } = greeting.fault;
  throw new FaultError(code, data, retry);
}
