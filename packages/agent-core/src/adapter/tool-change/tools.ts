import {
  type CallPreview,
  Content,
  FaultError,
  type FileChange,
  type LeftInFile,
  LeftReason,
  Sha256,
} from '@soma/schemas/event';
import { z } from 'zod';
import type { ContentStore, Tool, ToolContext } from '../../port/index.ts';
import { defineTool, hashOf, linesOf, resolveFolder } from '../tool-folder/index.ts';
import { applyChanges, clearParts } from './apply.ts';
import { applyHunks, Hunk } from './hunks.ts';
import { loadedChanges, type PlannedChange, storedChanges } from './planned.ts';
import { leftBeside, replaceAll } from './replace.ts';
import { plannedBack } from './take-back.ts';
import { readExact } from './text-file.ts';

/** Changed lines that a result quotes of each file, and of all files together. */
const QUOTED_IN_FILE = 20;
const QUOTED = 400;
/** Longest line, in UTF-16 units, that is quoted. */
const QUOTE_LIMIT = 2000;

const Path = z.string().min(1).max(4096);
/** SHA-256 of the file's bytes when the change was thought of; null: there must be no such file. */
const Before = Sha256.nullable();
const files = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .array(z.object({ path: Path, before: Before, ...shape }))
    .min(1)
    .max(2000);

const Changed = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(['created', 'changed', 'deleted']),
      added: z.number().int(),
      removed: z.number().int(),
      /** Lines as they stand now that are new or other than before; the first of them. */
      lines: z.array(z.object({ line: z.number().int(), quote: z.string() })),
      /** Lines that still contain the text that was looked for; null where none was. */
      left: z.number().int().nullable(),
      /** Lines as they stand now that were left because of their letter case or as part of a longer word; the first of them. */
      kept: z.array(z.object({ line: z.number().int(), quote: z.string(), why: LeftReason })),
    }),
  ),
  added: z.number().int(),
  removed: z.number().int(),
});

/**
 * The tools that change files inside the run's folder: all files of a call or none, each only while it is what it was when the
 * change was thought of. What they will do is worked out before anyone is asked, with the texts before in the content store; what is
 * done later is exactly that.
 */
export function createChangeTools(content: ContentStore): readonly Tool[] {
  const replaceText = changeTool(content, {
    name: 'replace_text',
    description:
      'Replaces a text in files, everywhere it stands, case kept. Each file is named with the SHA-256 it had when it was searched.',
    input: z.object({
      from: z.string().min(1).max(10_000),
      to: z.string().max(10_000),
      wholeWord: z.boolean().default(false),
      files: files({}),
    }),
    plan: (input, root) =>
      planned(root, input.files, (text) => (text === null ? null : replaceAll(text, input, input.to))),
    wanted: (input) => input,
  });
  const writeFiles = changeTool(content, {
    name: 'write_files',
    description:
      'Writes whole text files, new ones or over those with the named SHA-256; a null text deletes the file.',
    input: z.object({ files: files({ text: z.string().nullable() }) }),
    plan: (input, root) => {
      const texts = new Map(input.files.map(({ path, text }) => [path, text]));
      return planned(root, input.files, (_, path) => texts.get(path) ?? null);
    },
    wanted: () => null,
  });
  const patchFiles = changeTool(content, {
    name: 'patch_files',
    description:
      'Changes lines of text files by hunks: the lines that stand there, exactly, and those that take their place.',
    input: z.object({ files: files({ hunks: z.array(Hunk).min(1).max(5000) }) }),
    plan: (input, root) => {
      const hunks = new Map(input.files.map((file) => [file.path, file.hunks]));
      return planned(root, input.files, (text, path) => applyHunks(path, text ?? '', hunks.get(path) ?? []));
    },
    wanted: () => null,
  });
  return [replaceText, writeFiles, patchFiles, takeBackChanges(content)];
}

const TAKE_BACK = 'take_back_changes';

/** Gives files the texts back that they had before a call of another of these tools: all of them, or none. */
function takeBackChanges(content: ContentStore): Tool {
  return changeTool(content, {
    name: TAKE_BACK,
    description: 'Takes back what an earlier call changed in files, where they still are as it left them.',
    compensation: null,
    input: z.object({ tool: z.string(), key: z.string(), arguments: Content, preview: Content }),
    plan: ({ preview }, root, scope) => plannedBack(preview, root, { content, scope }),
    wanted: () => null,
  });
}

interface ChangeDefinition<Input extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  readonly plan: (
    input: z.infer<Input>,
    root: string,
    scope: ToolContext['scope'],
  ) => Promise<readonly PlannedChange[]>;
  /** Null: what it does is not taken back by another. */
  readonly compensation?: null;
  /** The text that is looked for, whose lines are looked at once more afterwards. */
  readonly wanted: (input: z.infer<Input>) => Replacement | null;
}

/** What is replaced by what. */
interface Replacement {
  readonly from: string;
  readonly to: string;
  readonly wholeWord: boolean;
}

function changeTool<Input extends z.ZodType>(
  content: ContentStore,
  { name, description, input, plan, wanted, compensation }: ChangeDefinition<Input>,
): Tool {
  const preview = async (given: z.infer<Input>, { folder, scope }: ToolContext): Promise<CallPreview> => {
    const changes = await plan(given, await resolveFolder(folder), scope);
    const stored = await storedChanges(changes, { content, scope });
    if (stored.length === 0) throw new FaultError('NOTHING_TO_CHANGE');
    const left = leftNow(changes, wanted(given));
    return { kind: 'files', changes: { files: stored }, ...(left.length > 0 && { left }) };
  };
  return defineTool({
    ...{ name, description, input, preview, output: Changed },
    ...(compensation !== null && { compensation: TAKE_BACK }),
    risk: 'write',
    idempotency: 'idempotent',
    timeoutMs: 120_000,
    outputLimitBytes: 8 * 1024 * 1024,
    abandon: async ({ preview: shown, folder }) => {
      if (shown?.kind !== 'files') return;
      const paths = shown.changes.files.map(({ path }) => path);
      await clearParts(await resolveFolder(folder), paths);
    },
    work: async (given, context) => {
      const shown = context.preview ?? (await preview(given, context));
      if (shown.kind !== 'files') throw new FaultError('INTERNAL', { cause: 'preview' });
      const loaded = await loadedChanges(shown.changes, { content, scope: context.scope });
      await applyChanges(await resolveFolder(context.folder), loaded);
      const output = resultOf(shown.changes.files, loaded, wanted(given));
      const data = { files: output.files.length, added: output.added, removed: output.removed };
      return { output, note: { code: 'files-changed', data }, changes: shown.changes };
    },
  });
}

/** What each file is to become, from what it is. Throws FaultError FILE_CHANGED where it is not what it was thought to be. */
async function planned(
  root: string,
  inputs: readonly { readonly path: string; readonly before: Sha256 | null }[],
  afterOf: (text: string | null, path: string) => string | null,
): Promise<PlannedChange[]> {
  const changes: PlannedChange[] = [];
  for (const { path, before } of inputs) {
    const text = (await readExact(root, path))?.text ?? null;
    const found = text === null ? null : hashOf(text);
    if (found !== before) throw new FaultError('FILE_CHANGED', { path, expected: before, found });
    changes.push({ path, before: text, after: afterOf(text, path) });
  }
  return changes;
}

function resultOf(
  stored: readonly FileChange[],
  planned: readonly PlannedChange[],
  wanted: Replacement | null,
): z.infer<typeof Changed> {
  let left = QUOTED;
  let room = QUOTED;
  const rows = stored.map(({ path, kind, added, removed }, index) => {
    const texts = planned[index];
    const lines = newLines(texts, Math.min(left, QUOTED_IN_FILE));
    left -= lines.length;
    const after = linesOf(texts?.after ?? '');
    const beside = wanted === null ? [] : leftBeside(texts?.before ?? '', wanted, wanted.to);
    const kept = beside
      .map(({ lineAfter, why }) => ({ line: lineAfter, quote: after[lineAfter - 1] ?? '', why }))
      .filter(({ quote }) => quote.length <= QUOTE_LIMIT)
      .slice(0, Math.min(room, QUOTED_IN_FILE));
    room -= kept.length;
    return {
      ...{ path, kind, added, removed, lines },
      left: wanted === null ? null : after.filter((line) => line.includes(wanted.from)).length,
      kept,
    };
  });
  const sum = (of: 'added' | 'removed') => stored.reduce((total, file) => total + file[of], 0);
  return { files: rows, added: sum('added'), removed: sum('removed') };
}

/** What stays in the files as they stand now, so that whoever allows the change sees it; the first lines of each. */
function leftNow(planned: readonly PlannedChange[], wanted: Replacement | null): LeftInFile[] {
  if (wanted === null) return [];
  let room = QUOTED;
  return planned.flatMap(({ path, before }) => {
    const found = leftBeside(before ?? '', wanted, wanted.to);
    if (found.length === 0) return [];
    const texts = linesOf(before ?? '');
    const lines = found
      .map(({ line, why }) => ({ line, quote: texts[line - 1] ?? '', why }))
      .filter(({ quote }) => quote.length <= QUOTE_LIMIT)
      .slice(0, Math.min(room, QUOTED_IN_FILE));
    room -= lines.length;
    return [{ path, total: found.length, lines }];
  });
}

/** The first lines of the text after that stand nowhere in the text before. */
function newLines(texts: PlannedChange | undefined, most: number): { line: number; quote: string }[] {
  const before = new Set(linesOf(texts?.before ?? ''));
  const found: { line: number; quote: string }[] = [];
  for (const [index, quote] of linesOf(texts?.after ?? '').entries()) {
    if (found.length >= most) break;
    if (!before.has(quote) && quote.length <= QUOTE_LIMIT) found.push({ line: index + 1, quote });
  }
  return found;
}
