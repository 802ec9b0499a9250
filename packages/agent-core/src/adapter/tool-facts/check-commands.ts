import type { Fact } from './fact.ts';

/** In this order; a command belongs to the first that it fits. */
const ORDER: readonly ((fact: Fact) => boolean)[] = [
  ({ kind, label }) => isNamed(kind) && /^tests?$/.test(label),
  ({ kind }) => kind === 'test',
  ({ kind, label }) => isNamed(kind) && /^(?:check|ci|verify)$/.test(label),
  ({ kind, label }) => isNamed(kind) && /^test\b/.test(label),
  ({ kind, label }) => isNamed(kind) && /^lint\b/.test(label),
  ({ kind, label }) => isNamed(kind) && label === 'typecheck',
  ({ kind, label }) => isNamed(kind) && /^(?:build|all)$/.test(label),
  ({ kind, command }) => kind === 'run' && /\bbuild\b/.test(command ?? ''),
];

/** What npm writes where no test was made. */
const PLACEHOLDER = /no test specified/;

/**
 * Commands that test, check or build, the most telling first, each once. Only those of files at the folder's own top: what lies deeper
 * would have to be run there.
 */
export function checkCommands(facts: readonly Fact[]): Fact[] {
  const usable = facts.filter(
    ({ command, path, value }) => command !== null && !path.includes('/') && !PLACEHOLDER.test(value),
  );
  const seen = new Set<string | null>();
  return ORDER.flatMap((fits) => usable.filter(fits)).filter(({ command }) => {
    if (seen.has(command)) return false;
    seen.add(command);
    return true;
  });
}

function isNamed(kind: Fact['kind']): boolean {
  return kind === 'script' || kind === 'target';
}
