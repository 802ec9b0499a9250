import type { AddedModel, EndpointView, ExamResult, NearbyServer } from '@soma/schemas/contract';
import { UNKNOWN_ABILITIES } from '@soma/schemas/turn';

// Models that people added, as a host tells them.

/** An examination in which tools were not chosen right, and one part could not be asked. */
export const examResult: ExamResult = {
  at: '2026-11-21T20:00:00.000Z',
  answeredAs: null,
  firstTokenMs: 213,
  tokensPerSecond: 24.4,
  parts: [
    { part: 'schema', verdict: 'passed', questions: 5, right: 5, misses: [], fault: null },
    {
      part: 'tool-choice',
      verdict: 'failed',
      questions: 4,
      right: 3,
      misses: [
        {
          asked: 'Which lines of notes.txt name a harbour?',
          expected: 'search_text {"path":"notes.txt","text":"harbour"}',
          came: 'I would search the file.',
          reason: 'no-tool',
        },
      ],
      fault: null,
    },
    { part: 'summary', verdict: 'passed', questions: 3, right: 3, misses: [], fault: null },
    { part: 'refusal', verdict: 'passed', questions: 3, right: 3, misses: [], fault: null },
  ],
  kinds: ['answer', 'summary'],
  usage: { input: 4120, output: 388, dollars: null },
  fault: null,
};

/** A model of a server on this computer, of which no source says anything but that nobody charges for it. */
export const addedHere: AddedModel = {
  id: 'added-1',
  endpoint: 'ollama',
  endpointName: 'Ollama',
  model: 'qwen3:8b',
  address: 'http://127.0.0.1:11434/v1',
  local: true,
  file: null,
  known: {
    price: { input: 0, output: 0, cached: 0 },
    contextTokens: null,
    outputTokens: null,
    abilities: UNKNOWN_ABILITIES,
    licence: null,
    source: null,
  },
  key: 'none',
  addedAt: '2026-11-21T19:00:00.000Z',
  exam: { running: null, result: examResult },
};

/** A hosted model whose key went with the session. */
export const addedElsewhere: AddedModel = {
  ...addedHere,
  id: 'added-2',
  endpoint: 'openai',
  endpointName: 'OpenAI',
  model: 'gpt-5-mini',
  known: { ...addedHere.known, price: { input: null, output: null, cached: null } },
  address: 'https://api.openai.com/v1',
  local: false,
  key: 'gone',
  exam: { running: null, result: null },
};

export const endpoints: readonly EndpointView[] = [
  { id: 'openai', name: 'OpenAI', address: 'https://api.openai.com/v1', local: false, key: 'needed' },
  { id: 'ollama', name: 'Ollama', address: 'http://127.0.0.1:11434/v1', local: true, key: 'optional' },
  { id: 'other', name: '', address: '', local: false, key: 'optional' },
];

export const nearby: readonly NearbyServer[] = [
  {
    endpoint: 'ollama',
    endpointName: 'Ollama',
    address: 'http://127.0.0.1:11434/v1',
    needsKey: false,
    models: ['qwen3:8b', 'smollm2:135m'],
  },
];
