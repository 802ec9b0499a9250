// Writes embedded.ts from the plan files, so that every bundle carries them; with --check only says whether they differ.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('./', import.meta.url);
const target = new URL('./embedded.ts', folder);

/** The module that holds the plan files as they are. */
export function embedded(): string {
  return embeddedFrom(folder, { ending: '.yaml', what: 'plan' });
}

/** The module that holds the files of a folder as they are. */
export function embeddedFrom(
  from: URL,
  { ending, what }: { readonly ending: string; readonly what: string },
) {
  const names = readdirSync(from)
    .filter((name) => name.endsWith(ending))
    .sort();
  const rows = names.map((name) => `  ${literal(readFileSync(new URL(name, from), 'utf8'))},`);
  return `// Made by embed.ts from the ${what} files beside it.\nexport const sources: readonly string[] = [\n${rows.join('\n')}\n];\n`;
}

/** In the quotes that need fewer escapes, as the formatter has it. */
function literal(text: string): string {
  const double = JSON.stringify(text);
  if (text.split("'").length > text.split('"').length) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(target, embedded());
