import { systemClock } from '@soma/agent-core/adapter/system';
import type { HostCalls } from '@soma/schemas/contract';
import { type RunMoney, spentOn } from '@soma/schemas/run';
import { budgetOf } from '@soma/schemas/workspace';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Use } from './use.ts';

type RunPage = Extract<Awaited<ReturnType<HostCalls['run']['page']>>, { ok: true }>;

/** Sets what models may cost where a limit was given, then says both limits and what today has taken so far. */
export async function useBudget(desk: Desk, use: Extract<Use, { verb: 'budget' }>): Promise<Exit> {
  const { speech, ids, link } = desk;
  const { verb: _, ...limits } = use;
  const workspace = async () => {
    for await (const news of await link.current().workspace.watch({}))
      if (news.type === 'snapshot') return news.workspace;
    return {};
  };
  const before = budgetOf(await workspace());
  const budget = { ...before, ...limits };
  const isNew = budget.perRun !== before.perRun || budget.perDay !== before.perDay;
  if (isNew) {
    const setting = { id: ids.next(), budget };
    await ask(desk, (calls) => calls.budget.set(setting));
  }
  const { perRun, perDay } = budget;
  speech.answer(
    speech.translator.t('terminal.budget.limits', { perRun: perRun ?? 'none', perDay: perDay ?? 'none' }),
  );
  speech.answer(speech.translator.t('terminal.budget.today', await spentToday(desk)));
  return EXIT.done;
}

/** Of all runs: what is known of today, by the calendar of UTC, and in how many calls the cost is not known. */
async function spentToday(desk: Desk): Promise<{ readonly dollars: number; readonly unpriced: number }> {
  const today = systemClock.now().slice(0, 10);
  const all: RunMoney[] = [];
  for (let cursor: string | null = null; ; ) {
    const asked = { cursor, limit: 200 };
    const page: RunPage = await ask(desk, (calls) => calls.run.page(asked));
    all.push(...page.runs.flatMap(({ money }) => money ?? []));
    if (page.cursor === null) break;
    cursor = page.cursor;
  }
  const { dollars, unpriced } = spentOn(today, all);
  return { dollars: Math.ceil(dollars * 10_000) / 10_000, unpriced };
}
