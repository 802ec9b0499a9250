import { z } from 'zod';
import { Sha256 } from './content.ts';
import { FaultCode } from './fault.ts';

/** One line of one file: `path` relative to the folder with `/`, `line` 1-based, `quote` that line exactly, without its end. */
export const Citation = z.object({
  path: z.string().min(1).max(4096),
  line: z.number().int().min(1),
  quote: z.string().max(10_000),
});
export type Citation = z.infer<typeof Citation>;

/**
 * What can be counted again of a column. How many cells are `filled` or `missing`, hold `numbers`, `dates`, `booleans` or `texts`, are
 * `equal` to `needle`, or lie `between` `from` and (not including) `to`; how many values are `distinct` or are `outliers`: more than 1.5
 * quartile distances outside the quartiles. Of numbers `min`, `max`, `sum` and `mean`; of dates `min` and `max` in milliseconds since 1970.
 */
export const TableMeasure = z.enum([
  'filled',
  'missing',
  'numbers',
  'dates',
  'booleans',
  'texts',
  'distinct',
  'outliers',
  'equal',
  'between',
  'min',
  'max',
  'sum',
  'mean',
]);
export type TableMeasure = z.infer<typeof TableMeasure>;

/**
 * What can be counted again. `files`: files of the folder that are not ignored; `lines`: lines of the file `subject`;
 * `importers`: files that import
 * the file `subject`, by the lines `at` (one a file, each reread); `matches`: lines in the file `subject` that contain `needle`;
 * `rows`: rows of the table `subject`; `column`: a measure of its column `column` (1-based).
 */
export const Recount = z.discriminatedUnion('of', [
  z.object({ of: z.literal('files'), value: z.number().int().min(0) }),
  z.object({ of: z.literal('lines'), subject: z.string(), value: z.number().int().min(0) }),
  z.object({
    of: z.literal('importers'),
    subject: z.string(),
    value: z.number().int().min(0),
    at: z.array(z.object({ path: z.string(), line: z.number().int().min(1) })).max(500),
  }),
  z.object({
    of: z.literal('matches'),
    subject: z.string(),
    needle: z.string().min(1),
    value: z.number().int().min(0),
  }),
  z.object({ of: z.literal('rows'), subject: z.string(), value: z.number().int().min(0) }),
  z.object({
    of: z.literal('column'),
    subject: z.string(),
    column: z.number().int().min(1).max(1000),
    measure: TableMeasure,
    /** For `equal`: the value. */
    needle: z.string().optional(),
    /** For `between`. */
    from: z.number().optional(),
    to: z.number().optional(),
    value: z.number(),
  }),
]);
export type Recount = z.infer<typeof Recount>;

const stated = { id: z.string().min(1).max(200), text: z.string().min(1).max(2000), citation: Citation };

/**
 * How a command came to its end. `itself`: it ended, with an exit code or by a signal; `timeout`, `output`, `processes`: it passed that
 * limit and was ended; `stopped`: the run was paused or stopped; `not-started`: the system did not start it.
 */
export const CommandEnd = z.enum(['itself', 'timeout', 'output', 'processes', 'stopped', 'not-started']);
export type CommandEnd = z.infer<typeof CommandEnd>;

/**
 * What is claimed of a command that was run. `execution` names the ledger in which the command's own runner wrote what came of it;
 * `outputHash` is the SHA-256 of the output as it was kept there.
 */
export const Execution = z.object({
  execution: Sha256,
  command: z.string().min(1).max(10_000),
  end: CommandEnd,
  exitCode: z.number().int().nullable(),
  signal: z.string().max(20).nullable(),
  outputHash: Sha256,
});
export type Execution = z.infer<typeof Execution>;

/**
 * A statement with the line it rests on. That of an executed one is a line of the output: its citation's `path` is
 * `output://` and the execution.
 */
export const Claim = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('quoted'), ...stated }),
  z.object({ kind: z.literal('recounted'), ...stated, recount: Recount }),
  z.object({ kind: z.literal('executed'), ...stated, ...Execution.shape }),
]);
export type Claim = z.infer<typeof Claim>;
export type ClaimKind = Claim['kind'];

/** Why a claim did not pass. `unsupported` means that this build has no check of that kind. */
export const ClaimFault = z.enum([
  'line-differs',
  'line-missing',
  'count-differs',
  'file-changed',
  'execution-missing',
  'execution-differs',
  'unsupported',
]);
export type ClaimFault = z.infer<typeof ClaimFault>;

/** What Verify found. `fileHash` is the SHA-256 of the bytes it read; `found` is the count or line it saw instead. */
export const Verdict = z.discriminatedUnion('checked', [
  z.object({ checked: z.literal(true), fileHash: Sha256 }),
  z.object({
    checked: z.literal(false),
    why: z.union([ClaimFault, FaultCode]),
    found: z.string().max(10_000).nullable(),
  }),
]);
export type Verdict = z.infer<typeof Verdict>;

export const CheckedClaim = z.object({ claim: Claim, verdict: Verdict });
export type CheckedClaim = z.infer<typeof CheckedClaim>;
