import { z } from 'zod';
import { Content } from './content.ts';
import { Slots } from './goal.ts';

/** A small graph an artifact may show: files (or other names) and the arrows between them. */
export const ArtifactGraph = z.object({
  nodes: z.array(z.object({ id: z.string(), label: z.string(), detail: z.string().nullable() })).max(200),
  edges: z.array(z.object({ from: z.string(), to: z.string() })).max(1000),
});
export type ArtifactGraph = z.infer<typeof ArtifactGraph>;

/** A small chart an artifact may show: a bar each for things that stand apart, or in a histogram for neighbouring ranges. */
export const ArtifactChart = z.object({
  kind: z.enum(['bars', 'histogram']),
  bars: z
    .array(z.object({ label: z.string().max(200), value: z.number().min(0) }))
    .min(1)
    .max(60),
  /** What the labels are and what is counted or measured. */
  axes: z.object({ label: z.string().max(200), value: z.string().max(200) }),
  /** Of the values; null for plain counts. */
  unit: z.string().max(40).nullable(),
});
export type ArtifactChart = z.infer<typeof ArtifactChart>;

/** One line of text that can do nothing to what surrounds it: no control signs, and none that turn the direction of writing. */
const PLAIN = /^[^\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]*$/u;
const plain = (longest: number) => z.string().max(longest).regex(PLAIN);

/** Most offers of one artifact. */
export const OFFER_LIMIT = 5;

/**
 * A run that could come next, for a person to start: nothing starts by itself, and the run asks for what it does as any other. `title`
 * says what a person gets, `goal` and `slots` are what is submitted with `plan`. Its words may stem from the folder.
 */
export const ArtifactOffer = z.object({
  title: plain(200).min(1),
  goal: plain(200).min(1),
  plan: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  slots: Slots.refine(
    (slots) =>
      Object.keys(slots).length <= 10 &&
      Object.entries(slots).every(
        ([name, value]) => /^[a-z][a-zA-Z0-9]{0,49}$/.test(name) && plain(500).safeParse(value).success,
      ),
  ),
});
export type ArtifactOffer = z.infer<typeof ArtifactOffer>;

/**
 * What a task puts on the board. Its claims are those of the task's evidence; `lines` are plain remarks that claim nothing
 * about a file (for example which files were not read, and why).
 */
export const Artifact = z.object({
  id: z.string().min(1).max(300),
  title: z.string().min(1).max(200),
  icon: z.string().min(1).max(60),
  claims: z.array(z.string()).max(2000),
  lines: z.array(z.object({ text: z.string().max(4096), detail: z.string().max(4096).nullable() })).max(2000),
  graph: ArtifactGraph.nullable(),
  /** Artifacts stored before there were charts have none. */
  chart: ArtifactChart.nullable().default(null),
  offers: z.array(ArtifactOffer).max(OFFER_LIMIT).default([]),
  /** Its claims and lines are sentences to be read whole, and not one line each. */
  prose: z.literal(true).optional(),
});
export type Artifact = z.infer<typeof Artifact>;

export const artifactEvents = {
  /** `node` is the canvas node that shows it. `content` holds the artifact as JSON. */
  'artifact.published': z.object({
    task: z.string(),
    attempt: z.number().int().min(1),
    artifact: z.string(),
    title: z.string(),
    icon: z.string(),
    node: z.string(),
    content: Content,
  }),
};
