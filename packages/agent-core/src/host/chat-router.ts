import { implement } from '@orpc/server';
import { contract } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { refused } from './answers.ts';
import type { CallContext } from './parts.ts';

/** Models that people add. A host without a place for them has none and takes none. */
export function createChatRouter() {
  const os = implement(contract.chat).$context<CallContext>();
  const unknown = () => refused(fault('MODEL_NOT_ADDED'));
  return {
    list: os.list.handler(() => ({ ok: true, models: [] })),
    endpoints: os.endpoints.handler(() => ({ ok: true, endpoints: [], keychain: 'none' })),
    nearby: os.nearby.handler(() => ({ ok: true, servers: [] })),
    offered: os.offered.handler(unknown),
    add: os.add.handler(unknown),
    giveKey: os.giveKey.handler(unknown),
    prefer: os.prefer.handler(unknown),
    remove: os.remove.handler(unknown),
    examine: os.examine.handler(unknown),
    stopExam: os.stopExam.handler(unknown),
  };
}
