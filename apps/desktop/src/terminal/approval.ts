import {
  CallPreview,
  type Content,
  type FileChange,
  type LeftInFile,
  type PlannedTask,
  RevisionQuestion,
} from '@soma/schemas/event';
import { noteText } from '@soma/schemas/message';
import type { ApprovalState, CallState } from '@soma/schemas/run';
import { createTwoFilesPatch } from 'diff';
import type { i18n } from 'i18next';
import { ask, type Desk } from './desk.ts';
import { printable } from './printable.ts';

/** Something a person is asked, and the call it is about. */
export interface OpenApproval {
  readonly approval: ApprovalState;
  readonly call: CallState | undefined;
}

/** Questions of one run: the one that is followed, or one that it started. */
export interface Questions {
  readonly run: string;
  readonly open: readonly OpenApproval[];
}

/** Most lines of one change that are shown; the rest is counted. */
const LINES_SHOWN = 400;

/** Asks about each call in turn, showing what it would do; what a person does not approve is rejected. */
export async function askAll(desk: Desk, { run, open }: Questions, signal: AbortSignal): Promise<boolean> {
  const { speech, ids } = desk;
  const { translator } = speech;
  for (const { approval, call } of open) {
    const { id, arguments: content, about } = approval;
    const lines =
      about === 'revision' ? await revisionLines(desk, approval) : await callLines(desk, approval, call);
    for (const line of lines) speech.say(line);
    const question =
      about === 'revision' ? 'terminal.approval.revisionQuestion' : 'terminal.approval.question';
    const typed = await speech.ask(translator.t(question), signal);
    const isYes = typed.trim().toLowerCase() === translator.t('terminal.approval.yes');
    const given = { id: ids.next(), run, approval: id, argumentsHash: content.hash };
    await ask(desk, (calls) => calls.approval.answer({ ...given, answer: isYes ? 'approved' : 'rejected' }));
  }
  return true;
}

async function callLines(
  desk: Desk,
  approval: ApprovalState,
  call: CallState | undefined,
): Promise<string[]> {
  const { tool, rule, arguments: content } = approval;
  const asked = { tool: printable(tool), rule: printable(rule) };
  return [
    desk.speech.translator.t('terminal.approval.asked', asked),
    `  ${printable((await textOf(desk, content)) ?? content.hash)}`,
    ...(await shown(desk, call)),
  ];
}

/** Why the plan is to be revised, what is given up, what comes in its place, and what each of them checks. */
async function revisionLines(desk: Desk, { arguments: content, rule }: ApprovalState): Promise<string[]> {
  const { translator } = desk.speech;
  const text = await textOf(desk, content);
  const parsed = text === null ? null : RevisionQuestion.safeParse(JSON.parse(text));
  if (parsed?.data === undefined) return [`  ${printable(text ?? content.hash)}`];
  const { note, dropped, added } = parsed.data;
  const line =
    (key: 'dropped' | 'added') =>
    ({ title, checks }: Pick<PlannedTask, 'title' | 'checks'>) => {
      const named = checks.length === 0 ? '\u2013' : checks.join(', ');
      return translator.t(`terminal.approval.${key}`, { title: printable(title), checks: named });
    };
  const reason = printable(noteText(translator, note));
  return [
    translator.t('terminal.approval.revision', { rule: printable(rule), reason }),
    ...dropped.map(line('dropped')),
    ...added.map(line('added')),
  ];
}

/** What the call would do, line by line; nothing where its tool cannot say. */
async function shown(desk: Desk, call: CallState | undefined): Promise<string[]> {
  const text = call?.preview === undefined ? null : await textOf(desk, call.preview);
  if (text === null) return [];
  const preview = CallPreview.parse(JSON.parse(text));
  const { translator } = desk.speech;
  switch (preview.kind) {
    case 'files': {
      const lines: string[] = [];
      for (const change of preview.changes.files) {
        lines.push(...(await diffOf(desk, change)));
        lines.push(
          ...leftIn(
            preview.left?.find(({ path }) => path === change.path),
            translator,
          ),
        );
      }
      const more = lines.length - LINES_SHOWN;
      if (more <= 0) return lines;
      return [...lines.slice(0, LINES_SHOWN), translator.t('terminal.approval.more', { count: more })];
    }
    case 'command':
      return [
        `  $ ${printable(preview.command)}`,
        `  ${translator.t('terminal.approval.command', { folder: printable(preview.folder), seconds: preview.limitSeconds })}`,
      ];
    case 'request':
      return [`  ${printable(preview.url)}`];
    case 'turn': {
      const { model, endpoint } = preview.model;
      const place = printable(preview.address ?? endpoint);
      const tokens = preview.parts.reduce((sum, part) => sum + part.tokens, 0);
      return [`  ${translator.t('terminal.approval.turn', { model: printable(model), place, tokens })}`];
    }
    default:
      return preview satisfies never;
  }
}

/** What the change leaves in a file although it looks alike. */
function leftIn(left: LeftInFile | undefined, translator: i18n): string[] {
  if (left === undefined) return [];
  const path = printable(left.path);
  const more = left.total - left.lines.length;
  return [
    ...left.lines.map(({ line, quote, why }) => {
      const shown = { path, line, quote: printable(quote.trim()), why: why.replaceAll('-', '_') };
      return translator.t('terminal.approval.left', shown);
    }),
    ...(more > 0 ? [translator.t('terminal.approval.leftMore', { path, count: more })] : []),
  ];
}

async function diffOf(desk: Desk, { path, before, after }: FileChange): Promise<string[]> {
  const [from, to] = [await sideOf(desk, before), await sideOf(desk, after)];
  const name = printable(path);
  const patch = createTwoFilesPatch(name, name, from, to, undefined, undefined, {
    context: 2,
    timeout: 1000,
  });
  if (patch === undefined) return [desk.speech.translator.t('terminal.approval.large', { path: name })];
  return patch
    .split('\n')
    .filter((line, index) => index > 0 && line !== '')
    .map((line) => `  ${printable(line)}`);
}

async function sideOf(desk: Desk, content: Content | null): Promise<string> {
  return content === null ? '' : ((await textOf(desk, content)) ?? '');
}

async function textOf({ link }: Desk, content: Content): Promise<string | null> {
  const got = await link.current().content.get({ content });
  return got.ok ? got.text : null;
}
