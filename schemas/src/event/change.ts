import { z } from 'zod';
import { Turn } from '../turn/turn.ts';
import { Content } from './content.ts';
import { Fault } from './fault.ts';
import { RoutedModel } from './model.ts';

/**
 * What became, or would become, of one file: its whole text before and after (null: there is no such file), and how many lines
 * that adds and removes. `path` is relative to the folder, with `/`. The text before is the before-image that undo writes back.
 */
export const FileChange = z.object({
  path: z.string().min(1).max(4096),
  kind: z.enum(['created', 'changed', 'deleted']),
  before: Content.nullable(),
  after: Content.nullable(),
  added: z.number().int().min(0),
  removed: z.number().int().min(0),
});
export type FileChange = z.infer<typeof FileChange>;

/** Most files one call may change. */
export const CHANGED_FILES_LIMIT = 2000;

/** Everything one call does to files, in the order of their paths; each path once. */
export const ChangeSet = z.object({ files: z.array(FileChange).max(CHANGED_FILES_LIMIT) });
export type ChangeSet = z.infer<typeof ChangeSet>;

/** Media types of stored JSON that names further stored texts by their hash: whoever keeps it, keeps those too. */
export const CHANGE_SET_TYPE = 'application/vnd.soma.change-set+json';
export const CALL_PREVIEW_TYPE = 'application/vnd.soma.call-preview+json';

/** Why a line that has the wanted words keeps them: other letter case, or part of a longer word. */
export const LeftReason = z.enum(['other-case', 'part-of-word']);
export type LeftReason = z.infer<typeof LeftReason>;

/** Lines of one file that a replacement leaves as they are: the first of them as they stand now, and how many there are. */
export const LeftInFile = z.object({
  path: z.string().min(1).max(4096),
  total: z.number().int().min(1),
  lines: z
    .array(z.object({ line: z.number().int().min(1), quote: z.string().max(2000), why: LeftReason }))
    .max(20),
});
export type LeftInFile = z.infer<typeof LeftInFile>;

/**
 * One part of what a model is sent: about how many tokens it takes (a third of its characters: nobody here counts by the
 * model's own measure), and how many characters of it were left out because they are more than the part may take.
 */
export const TurnPart = z.object({
  name: z.enum(['instructions', 'tools', 'agent', 'goal', 'guides', 'conversation', 'message', 'results']),
  tokens: z.number().int().min(0),
  left: z.number().int().min(0),
});
export type TurnPart = z.infer<typeof TurnPart>;

/** What an approval shows beside the exact arguments, made by the tool before anyone is asked; nothing has happened yet. */
export const CallPreview = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('files'),
    changes: ChangeSet,
    /** Only files that have such lines. */
    left: z.array(LeftInFile).max(CHANGED_FILES_LIMIT).optional(),
  }),
  z.object({
    kind: z.literal('command'),
    command: z.string().max(100_000),
    /** Absolute path of the folder it runs in. */
    folder: z.string(),
    limitSeconds: z.number().int().min(1),
  }),
  z.object({ kind: z.literal('request'), url: z.string().max(10_000) }),
  /** What a model is asked, as it will be sent, and where: null stays in this process. */
  z.object({
    kind: z.literal('turn'),
    model: RoutedModel,
    address: z.string().max(10_000).nullable(),
    turn: Turn,
    parts: z.array(TurnPart).max(20),
    /** The most US dollars that it can cost; null where nobody knows its price. */
    atMost: z.number().min(0).nullable(),
  }),
]);
export type CallPreview = z.infer<typeof CallPreview>;

export const changeEvents = {
  /**
   * A person took back what the run did to files. `restored` have the text they had before the run again; `kept` are as they were
   * found, each with the reason, such as FILE_CHANGED for one that somebody has written since.
   */
  'changes.undone': z.object({
    restored: z.array(z.string()).max(10_000),
    kept: z.array(z.object({ path: z.string(), fault: Fault })).max(10_000),
  }),
};
