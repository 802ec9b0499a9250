// Writes embedded.ts from the agent files, so that every bundle carries them.
import { writeFileSync } from 'node:fs';
import { embeddedFrom } from '../../plan/packaged/embed.ts';

const folder = new URL('./', import.meta.url);

/** The module that holds the agent files as they are. */
export function embedded(): string {
  return embeddedFrom(folder, { ending: '.md', what: 'agent' });
}

if (process.argv[1] === import.meta.filename) writeFileSync(new URL('./embedded.ts', folder), embedded());
