import { z } from 'zod';

export const FactKind = z.enum([
  'title',
  'description',
  'name',
  'version',
  'license',
  'engine',
  'entry',
  'member',
  'dependency',
  'install',
  'run',
  'script',
  'target',
  'test',
  'heading',
]);
export type FactKind = z.infer<typeof FactKind>;

/** One thing a file states, with the line that states it. `label` names it further, such as a script's name; `command` is what to type. */
export const Fact = z.object({
  kind: FactKind,
  label: z.string(),
  value: z.string(),
  command: z.string().nullable(),
  path: z.string(),
  line: z.number().int(),
  quote: z.string(),
});
export type Fact = z.infer<typeof Fact>;

/** Longest value, in UTF-16 units, that a fact carries. */
export const VALUE_LIMIT = 300;
/** Longest line that can be quoted. */
export const QUOTE_LIMIT = 2000;
