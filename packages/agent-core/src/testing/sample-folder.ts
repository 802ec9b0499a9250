import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json } from '@soma/schemas/event';
import type { Tool, ToolContext } from '../port/index.ts';
import { aScope, temporaryFolder } from './local-store.ts';

/** A real folder with these files, each by its path; a path that ends with `/` is a folder. */
export interface SampleFolder {
  readonly path: string;
  at(path: string): string;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  remove(): void;
}

export function sampleFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): SampleFolder {
  const path = realpathSync(temporaryFolder().path);
  const at = (below: string) => join(path, below);
  const write: SampleFolder['write'] = (contents) => {
    for (const [name, content] of Object.entries(contents)) {
      if (name.endsWith('/')) {
        mkdirSync(at(name), { recursive: true });
        continue;
      }
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    }
  };
  write(files);
  return { path, at, write, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What the engine would hand to a reading tool. */
export function aToolContext(folder: string, change: Partial<ToolContext> = {}): ToolContext {
  const ids = { run: 'run-1', task: 'task-1', call: 'call-1', key: 'key-1', canvas: 'canvas-1' };
  return {
    scope: aScope(),
    ...ids,
    folder,
    preview: null,
    signal: new AbortController().signal,
    progress: () => undefined,
    model: null,
    say: () => undefined,
    ...change,
  };
}

/** The output of a call that must succeed. */
export async function outputOf(tool: Tool, input: Json, context: ToolContext): Promise<Json> {
  const result = await tool.call(input, context);
  if (!result.ok) throw new Error(`the tool refused: ${JSON.stringify(result.fault)}`);
  return result.output;
}

/** The code of a call that must be refused. */
export async function faultOf(tool: Tool, input: Json, context: ToolContext): Promise<string> {
  const result = await tool.call(input, context);
  if (result.ok) throw new Error('the tool was expected to refuse');
  return result.fault.code;
}
