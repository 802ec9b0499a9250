// Writes json/*.json from the zod shapes; with --check only says which differ from what is committed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { cloudEventOf, FaultCode, topics } from './src/event/index.ts';
import { PackagedPlan } from './src/plan/index.ts';
import { RunReport } from './src/run/index.ts';

const folder = new URL('./json/', import.meta.url);

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

function differing(files: ReadonlyMap<string, string>): string[] {
  const present = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const stale = present.filter((name) => !files.has(name));
  const changed = [...files].filter(
    ([name, text]) => !present.includes(name) || readFileSync(new URL(name, folder), 'utf8') !== text,
  );
  return [...stale, ...changed.map(([name]) => name)];
}

const files = emitted();
if (process.argv.includes('--check')) {
  const drift = differing(files);
  if (drift.length > 0) {
    process.stderr.write(
      `schemas/json differs from schemas/src: ${drift.join(', ')}. Run: node schemas/emit.ts\n`,
    );
    process.exitCode = 1;
  }
} else {
  for (const [name, text] of files) writeFileSync(new URL(name, folder), text);
}
