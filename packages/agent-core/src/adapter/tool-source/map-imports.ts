import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Tool } from '../../port/index.ts';
import { readingTool } from '../tool-folder/index.ts';
import { packageOf, resolveImport } from './resolve.ts';
import type { createStudies, Study } from './study.ts';

const Place = z.object({ path: z.string(), line: z.number().int(), quote: z.string() });
type Place = z.infer<typeof Place>;

const Imports = z.object({
  /** Files of the folder by how many other files import them, most first; `at` names up to 200 of the importing lines, one a file. */
  files: z.array(
    z.object({
      path: z.string(),
      importers: z.number().int(),
      imports: z.number().int(),
      at: z.array(Place),
    }),
  ),
  /** What is imported and does not lie in the folder, most used first, with one line that does. */
  packages: z.array(z.object({ name: z.string(), files: z.number().int(), at: Place })),
  edges: z.number().int(),
  parsed: z.number().int(),
  /** The most connected files and the arrows between them. */
  graph: z
    .object({
      nodes: z.array(z.object({ id: z.string(), label: z.string(), detail: z.string().nullable() })),
      edges: z.array(z.object({ from: z.string(), to: z.string() })),
    })
    .nullable(),
});

/** Files of which the output speaks. */
const FILES = 100;
const PACKAGES = 40;
const PLACES = 200;
/** Files whose imports are resolved in one go. */
const BATCH = 200;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly at: Place;
}

export function mapImports(study: ReturnType<typeof createStudies>): Tool {
  return readingTool({
    name: 'map_imports',
    description:
      'Maps which files of the folder import which, and which packages from outside, each with the line that imports.',
    input: z.object({ graph: z.number().int().min(2).max(40).default(12) }),
    output: Imports,
    timeoutMs: 120_000,
    outputLimitBytes: 8 * 1024 * 1024,
    work: async ({ graph }, context) => {
      const studied = await study(context);
      const { edges, packages } = await edgesOf(studied, context.signal);
      const files = rankingOf(edges);
      const output = {
        files: files.slice(0, FILES),
        packages,
        edges: edges.length,
        parsed: studied.files.length,
        graph: graphOf(
          files.slice(0, graph).map((file) => file.path),
          edges,
          graph,
        ),
      };
      return {
        output,
        note: { code: 'imports-mapped', data: { count: edges.length, files: studied.files.length } },
      };
    },
  });
}

async function edgesOf({ files, index }: Study, signal: AbortSignal) {
  const edges = new Map<string, Edge>();
  const outside = new Map<string, { name: string; users: Set<string>; at: Place }>();
  for (const [at, { path, imports }] of files.entries()) {
    // Whoever waits for this thread, such as a person who cancels, is let in between.
    if (at % BATCH === 0) await setImmediate(undefined, { signal });
    for (const { specifier, line, quote } of imports) {
      const place = { path, line, quote };
      const to = resolveImport(specifier, path, index);
      if (to !== null) {
        const key = `${path}\0${to}`;
        if (!edges.has(key)) edges.set(key, { from: path, to, at: place });
        continue;
      }
      if (/^(?:\.|mod |crate|super|self|\/)/.test(specifier)) continue;
      const name = packageOf(specifier, path);
      const known = outside.get(name) ?? { name, users: new Set<string>(), at: place };
      known.users.add(path);
      outside.set(name, known);
    }
  }
  const packages = [...outside.values()].map(({ name, users, at }) => ({ name, files: users.size, at }));
  packages.sort((a, b) => b.files - a.files || (a.name < b.name ? -1 : 1));
  return { edges: [...edges.values()], packages: packages.slice(0, PACKAGES) };
}

function rankingOf(edges: readonly Edge[]) {
  const rows = new Map<string, { path: string; importers: number; imports: number; at: Place[] }>();
  const row = (path: string) => {
    const known = rows.get(path) ?? { path, importers: 0, imports: 0, at: [] };
    rows.set(path, known);
    return known;
  };
  for (const { from, to, at } of edges) {
    row(from).imports += 1;
    const imported = row(to);
    imported.importers += 1;
    if (imported.at.length < PLACES) imported.at.push(at);
  }
  return [...rows.values()].sort(
    (a, b) => b.importers - a.importers || b.imports - a.imports || (a.path < b.path ? -1 : 1),
  );
}

/** The most connected files; when a few files import all the rest, some of those importers are shown with them. */
function graphOf(top: readonly string[], edges: readonly Edge[], limit: number) {
  if (edges.length === 0) return null;
  const shown = new Set(top.slice(0, Math.ceil(limit / 2)));
  for (const { from, to } of edges) if (shown.size < limit && shown.has(to)) shown.add(from);
  const kept = edges
    .filter(({ from, to }) => shown.has(from) && shown.has(to))
    .map(({ from, to }) => ({ from, to }));
  const linked = new Set(kept.flatMap(({ from, to }) => [from, to]));
  return { nodes: [...linked].map((path) => ({ id: path, label: path, detail: null })), edges: kept };
}
