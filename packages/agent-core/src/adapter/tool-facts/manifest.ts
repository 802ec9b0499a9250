import { z } from 'zod';
import { type Fact, FactKind, QUOTE_LIMIT, VALUE_LIMIT } from './fact.ts';
import table from './manifest.json' with { type: 'json' };
import { jsonValues, type Placed, readJson, tomlValues } from './structured.ts';

const Pairs = z.array(z.tuple([FactKind, z.string()]));

/** One kind of manifest. `$` in a command stands for the label; `implied` are commands of the tool itself, resting on a fact's line. */
const Manifest = z.object({
  file: z.string(),
  format: z.enum(['json', 'toml', 'lines']),
  facts: Pairs.default([]),
  lines: Pairs.default([]),
  commands: z.record(z.string(), z.string()).default({}),
  implied: z.array(z.tuple([FactKind, z.string(), z.string()])).default([]),
});
type Manifest = z.infer<typeof Manifest>;

const MANIFESTS = z.array(Manifest).parse(table);

/** The manifests a file name stands for. */
export function manifestOf(name: string): Manifest | undefined {
  return MANIFESTS.find(({ file }) => (file.startsWith('*') ? name.endsWith(file.slice(1)) : file === name));
}

/** Its place in the table, where the manifests that say most stand first. */
export function manifestRank(name: string): number {
  const manifest = manifestOf(name);
  return manifest === undefined ? MANIFESTS.length : MANIFESTS.indexOf(manifest);
}

/** What a manifest states, in the table's order. */
export function manifestFacts(manifest: Manifest, path: string, lines: readonly string[]): readonly Fact[] {
  const rows = [...statedFacts(manifest, lines)];
  const facts = rows.flatMap(({ kind, placed }) =>
    toFact(kind, placed, { path, lines, commands: manifest.commands }),
  );
  for (const [kind, command, source] of manifest.implied) {
    const ground = rows.find((row) => row.source === source)?.placed;
    if (ground !== undefined)
      facts.push(
        ...toFact(
          kind,
          { ...ground, key: kind, value: command },
          { path, lines, commands: { '*': command } },
        ),
      );
  }
  return facts;
}

interface Stated {
  readonly kind: FactKind;
  readonly source: string;
  readonly placed: Placed;
}

function* statedFacts(manifest: Manifest, lines: readonly string[]): Generator<Stated> {
  const document = manifest.format === 'json' ? readJson(lines.join('\n')) : null;
  for (const [kind, source] of manifest.facts) {
    const values = document === null ? tomlValues(lines, source) : jsonValues('', source, document);
    for (const placed of values) yield { kind, source, placed };
  }
  for (const [kind, pattern] of manifest.lines) {
    const expression = new RegExp(pattern);
    for (const [index, text] of lines.entries()) {
      const value = text.length > QUOTE_LIMIT ? undefined : expression.exec(text)?.[1];
      if (value !== undefined) yield { kind, source: kind, placed: { key: value, value, line: index + 1 } };
    }
  }
}

interface Ground {
  readonly path: string;
  readonly lines: readonly string[];
  readonly commands: Readonly<Record<string, string>>;
}

function toFact(kind: FactKind, placed: Placed, { path, lines, commands }: Ground): Fact[] {
  const quote = lines[placed.line - 1];
  if (quote === undefined || quote.length > QUOTE_LIMIT || placed.value.trim() === '') return [];
  const typed = ['script', 'target', 'run', 'test'].includes(kind)
    ? (commands[placed.key] ?? commands['*'] ?? null)
    : null;
  const command = typed === null ? null : typed.replaceAll('$', placed.key);
  return [
    {
      kind,
      label: placed.key,
      value: placed.value.slice(0, VALUE_LIMIT),
      command,
      path,
      line: placed.line,
      quote,
    },
  ];
}
