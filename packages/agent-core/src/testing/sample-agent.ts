import type { RunAgent } from '@soma/schemas/event';

/** An agent as a run has it, with these changes. */
export function anAgent(change: Partial<RunAgent> = {}): RunAgent {
  return {
    ...{ name: 'reader', title: 'Reader', description: 'Reads.', tools: ['read_file'], own: false },
    ...{ needs: { passed: [] }, limits: {}, hash: 'b'.repeat(64) },
    instructions: { hash: 'd'.repeat(64), size: 11, mediaType: 'text/markdown', inline: 'Read twice.' },
    ...change,
  };
}
