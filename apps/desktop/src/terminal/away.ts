import type { Desk } from './desk.ts';
import { printable } from './printable.ts';

/** Says that a model is not there, and how many goals wait for it; nothing while all are. */
export async function sayAway({ link, speech }: Desk): Promise<void> {
  for await (const news of await link.current().workspace.watch({})) {
    if (news.type !== 'snapshot') continue;
    const { models, goals } = news.away;
    if (models.length === 0) return;
    const is = models.some((model) => model.is === 'unreachable') ? 'unreachable' : 'busy';
    const names = models.map(({ model }) => printable(model)).join(', ');
    speech.say(speech.translator.t('terminal.modelsAway', { is, goals, models: names }));
    return;
  }
}
