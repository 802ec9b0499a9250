import { implement } from '@orpc/server';
import { contract } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import type { Script } from './script.ts';
import type { Take } from './scripted-runs.ts';

/** Models that people add, as a script says. */
export function chatRouter(script: Script, take: Take) {
  const os = implement(contract.chat);
  const { chat = [], endpoints = [], keychain = 'none', nearby = [], offered = [], toBeAdded } = script;
  const changed = (command: string) => (input: object) => {
    const answer = take(`chat.${command}`, input);
    return answer.ok ? { ok: true as const, models: [...chat] } : answer;
  };
  return {
    list: os.list.handler(() => ({ ok: true, models: [...chat] })),
    endpoints: os.endpoints.handler(() => ({ ok: true, endpoints: [...endpoints], keychain })),
    nearby: os.nearby.handler(() => ({
      ok: true,
      servers: [...(typeof nearby === 'function' ? nearby() : nearby)],
    })),
    offered: os.offered.handler(({ input }) => {
      const answer = take('chat.offered', input);
      return answer.ok ? { ok: true, models: [...offered] } : answer;
    }),
    add: os.add.handler(({ input }) => {
      const answer = take('chat.add', input);
      if (!answer.ok) return answer;
      return toBeAdded === undefined
        ? { ok: false, fault: fault('MODEL_NOT_ADDED', {}) }
        : { ok: true, model: toBeAdded };
    }),
    giveKey: os.giveKey.handler(({ input }) => changed('giveKey')(input)),
    prefer: os.prefer.handler(({ input }) => changed('prefer')(input)),
    remove: os.remove.handler(({ input }) => changed('remove')(input)),
    examine: os.examine.handler(({ input }) => changed('examine')(input)),
    stopExam: os.stopExam.handler(({ input }) => changed('stopExam')(input)),
  };
}
