import { type AddedModel, type ExamResult, watchWorkspace } from '@soma/schemas/contract';
import { modelNamed } from './added-command.ts';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';

/** Examines a model and says what it passed. A person who leaves ends it. */
export async function testModel(desk: Desk, named: string, json: boolean): Promise<Exit> {
  const { speech, ids, signal, link } = desk;
  const { id: added, model, exam } = await modelNamed(desk, named);
  const before = exam.result?.at ?? null;
  const over = new AbortController();
  const watching = AbortSignal.any([signal, over.signal]);
  let result: ExamResult | null = null;
  const say = progress(desk);
  const take = (models: readonly AddedModel[]) => {
    const found = models.find(({ id }) => id === added);
    if (found !== undefined) say(found);
    if (found?.exam.running != null) return;
    result = found?.exam.result ?? null;
    if (found === undefined || result?.at !== before) over.abort();
  };
  await ask(desk, (calls) => calls.chat.examine({ id: ids.next(), added }));
  await watchWorkspace(link, watching, (news) => {
    if (news.type === 'snapshot' || news.type === 'chat') take(news.chat);
  }).catch((error: unknown) => {
    if (!watching.aborted) throw error;
  });
  if (signal.aborted && !over.signal.aborted) {
    await link.current().chat.stopExam({ id: ids.next(), added });
    speech.say(speech.translator.t('terminal.model.exam-stopped', { model: printable(model) }));
    return EXIT.ended;
  }
  return result === null ? EXIT.ended : tell(desk, result, json);
}

function tell({ speech }: Desk, result: ExamResult, json: boolean): Exit {
  const { translator } = speech;
  const { fault, firstTokenMs, tokensPerSecond, kinds } = result;
  if (json) speech.answer(JSON.stringify(result, null, 2));
  else if (fault === null) {
    for (const { part, verdict, right, questions, misses, fault: why } of result.parts) {
      const named = { part: translator.t(`exam.part.${part}`), verdict, right, questions };
      speech.answer(translator.t('terminal.model.exam-part', named));
      if (why !== null) speech.sayFault(why);
      for (const { asked, expected, came, reason } of misses) {
        const told = { asked: printable(asked), expected: printable(expected), came: printable(came) };
        const line = { ...told, reason: translator.t(`exam.reason.${reason}`) };
        speech.answer(translator.t('terminal.model.exam-miss', line));
      }
    }
    const figures = { first: firstTokenMs ?? 'none', rate: tokensPerSecond ?? 'none' };
    speech.answer(translator.t('terminal.model.exam-figures', figures));
    const names = kinds.map((kind) => translator.t(`exam.kind.${kind}`)).join(', ');
    speech.answer(translator.t('terminal.model.exam-kinds', { count: kinds.length, kinds: names }));
  }
  if (fault !== null) speech.sayFault(fault);
  return kinds.length > 0 ? EXIT.done : EXIT.ended;
}

/** Says which part goes on when it begins. */
function progress({ speech }: Desk): (model: AddedModel) => void {
  let said = '';
  return ({ exam: { running } }) => {
    if (running === null || running.questions === 0 || running.part === said) return;
    said = running.part;
    const { part, done, questions } = running;
    speech.say(
      speech.translator.t('terminal.model.exam-progress', {
        part: speech.translator.t(`exam.part.${part}`),
        done,
        questions,
      }),
    );
  };
}
