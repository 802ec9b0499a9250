// Writes json/*.json and the pages of docs/events from the zod shapes; with --check only says which differ from what is committed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { pages } from './pages.ts';
import { cloudEventOf, FaultCode, topics } from './src/event/index.ts';
import { PackagedPlan } from './src/plan/index.ts';
import { RunReport } from './src/run/index.ts';

const json = { folder: new URL('./json/', import.meta.url), ending: '.json', files: emitted };
const docs = { folder: new URL('../docs/events/', import.meta.url), ending: '.md', files: pages };

function emitted(): Map<string, string> {
  const shapes = new Map<string, z.ZodType>([
    ['run-report.v1', RunReport],
    ['packaged-plan.v1', PackagedPlan],
  ]);
  for (const [topic, types] of Object.entries(topics))
    shapes.set(topic, z.union(types.map((type) => cloudEventOf(type))));
  const files = new Map<string, string>();
  for (const [name, shape] of shapes) {
    const schema = z.toJSONSchema(shape, { target: 'draft-2020-12', io: 'input', reused: 'ref', override });
    files.set(
      `${name}.json`,
      `${JSON.stringify({ $id: `urn:soma:schema:${name}`, title: name, ...schema }, null, 2)}\n`,
    );
  }
  return files;
}

/** Codes of faults come with every build: whoever reads events must bear one that they do not know. */
function override({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: unknown;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}) {
  if (zodSchema !== FaultCode) return;
  delete jsonSchema.enum;
  jsonSchema.pattern = '^[A-Z][A-Z_]*$';
}

function differing({ folder, ending, files: make }: typeof json | typeof docs): string[] {
  const files = make();
  const present = readdirSync(folder).filter((name) => name.endsWith(ending));
  const stale = present.filter((name) => !files.has(name));
  const changed = [...files].filter(
    ([name, text]) => !present.includes(name) || readFileSync(new URL(name, folder), 'utf8') !== text,
  );
  return [...stale, ...changed.map(([name]) => name)];
}

if (process.argv.includes('--check')) {
  const drift = [json, docs].flatMap(differing);
  if (drift.length > 0) {
    process.stderr.write(
      `schemas/json or docs/events differ from schemas/src: ${drift.join(', ')}. Run: node schemas/emit.ts\n`,
    );
    process.exitCode = 1;
  }
} else {
  for (const { folder, files } of [json, docs])
    for (const [name, text] of files()) writeFileSync(new URL(name, folder), text);
}
