import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../adapter/system/index.ts';
import { modelAt } from '../testing/asked-model.ts';
import type { Script } from '../testing/endpoint-script.ts';
import { scopeOf } from '../testing/event-sample.ts';
import { examStudent, type StudentOptions } from '../testing/exam-student.ts';
import { ScriptedEndpoint, type ScriptedEndpointOptions } from '../testing/scripted-endpoint.ts';
import { examine, passedIn, questionsOf } from './index.ts';
import { judge } from './judge.ts';

const PARTS = ['schema', 'tool-choice', 'summary', 'refusal'] as const;

async function examined(
  options: ScriptedEndpointOptions,
  {
    seed = 1,
    scripts = [],
    signal = new AbortController().signal,
  }: { seed?: number; scripts?: Script[]; signal?: AbortSignal } = {},
) {
  const endpoint = await new ScriptedEndpoint(options).open();
  endpoint.scripts.push(...scripts);
  const heard: number[] = [];
  try {
    const result = await examine({
      ...{ provider: modelAt(endpoint), clock: systemClock, scope: scopeOf(), signal, id: 'e1', seed },
      onProgress: ({ done }) => heard.push(done),
    });
    return { result, heard, endpoint };
  } finally {
    await endpoint.close();
  }
}

const student = (options: StudentOptions = {}) => ({ otherwise: examStudent(options) });

describe('an examination', () => {
  it('is passed by who answers every question right, whatever its names and numbers are', async () => {
    for (const seed of [0, 1, 2, 3, 4, 5, 4_294_967_295]) {
      const { result, heard } = await examined(student(), { seed });
      expect(result.parts.flatMap(({ misses }) => misses)).toEqual([]);
      expect(passedIn(result)).toEqual(PARTS);
      expect(result).toMatchObject({
        kinds: ['plan', 'answer', 'summary', 'reply'],
        fault: null,
        answeredAs: 'scripted-1',
      });
      expect(heard).toEqual(Array.from({ length: 12 }, (_, done) => done));
    }
  });

  it('asks other questions each time, so that nothing is to be learned by heart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const other = questionsOf(seed + 1).map(({ asked, expected }) => asked + expected);
        expect(
          questionsOf(seed).filter(({ asked, expected }) => other.includes(asked + expected)).length,
        ).toBeLessThan(6);
        expect(questionsOf(seed)).toEqual(questionsOf(seed));
      }),
    );
  });

  it.each(PARTS)(
    'tells what was expected and what came where %s is failed, and gives no turn that needs it',
    async (part) => {
      const { result } = await examined(student({ wrong: [part] }));
      expect(passedIn(result)).toEqual(PARTS.filter((one) => one !== part));
      const failed = result.parts.find((one) => one.part === part);
      expect(failed?.verdict).toBe('failed');
      for (const miss of failed?.misses ?? []) {
        expect(miss.asked).not.toBe('');
        expect(miss.expected).not.toBe('');
        expect(miss.came).not.toBe('');
      }
      expect(result.kinds).toEqual(
        {
          schema: ['summary'],
          'tool-choice': ['answer', 'summary', 'reply'],
          summary: ['plan', 'answer', 'reply'],
          refusal: ['plan', 'summary'],
        }[part],
      );
    },
  );

  it.each([
    ['the same text', { text: 'ABSENT' }],
    ['yes', { text: 'Yes.' }],
    ['nothing', { text: '' }],
    ['an empty form', { text: '{}' }],
    ['a tool', { calls: [{ id: 'c', name: 'read_file', pieces: ['{"path":"a"}'] }] }],
  ])('is not passed in anything by who always says %s', async (_, otherwise) => {
    for (const seed of [7, 8, 9]) {
      const { result } = await examined({ otherwise }, { seed });
      expect(passedIn(result)).toEqual([]);
      expect(result.kinds).toEqual([]);
    }
  });

  it('is not passed in anything by who gives back what was asked', async () => {
    const { result } = await examined({});
    expect(passedIn(result)).toEqual([]);
  });

  it('measures only what can be measured', async () => {
    const paced = await examined(student({ more: { pace: 2, wait: 5 } }));
    expect(paced.result.firstTokenMs).toBeGreaterThanOrEqual(4);
    expect(paced.result.tokensPerSecond).toBeGreaterThan(1);
    expect(paced.result.tokensPerSecond).toBeLessThan(2000);
    expect(paced.result.usage.output).toBeGreaterThan(20);
    const silent = await examined(student({ more: { pace: 2, quirks: { usage: 'missing' } } }));
    expect(silent.result).toMatchObject({ tokensPerSecond: null, usage: { input: null, output: null } });
    const whole = await examined(student({ more: { quirks: { whole: true } } }));
    expect(whole.result.tokensPerSecond).toBeNull();
    expect(passedIn(whole.result)).toEqual(PARTS);
  });

  it('says of a part that the endpoint refuses that it is not possible, and goes on with the others', async () => {
    const refusal: Script = {
      status: 400,
      body: { error: { message: 'response_format is not supported', code: 'unsupported' } },
    };
    const { result } = await examined(student(), { scripts: [refusal] });
    expect(result.parts[0]).toMatchObject({
      part: 'schema',
      verdict: 'not-possible',
      right: 0,
      fault: { code: 'MODEL_REQUEST_REFUSED' },
    });
    expect(passedIn(result)).toEqual(['tool-choice', 'summary', 'refusal']);
    expect(result.kinds).toEqual(['summary']);
  });

  it.each<[string, Script, string]>([
    [
      'a key that is refused',
      { status: 401, body: { error: { message: 'Incorrect API key' } } },
      'MODEL_KEY_REFUSED',
    ],
    [
      'an unknown model',
      { status: 404, body: { error: { message: 'no such model', code: 'model_not_found' } } },
      'MODEL_NAME_UNKNOWN',
    ],
    ['a web page', { text: 'x', break: { after: 0, how: 'page' } }, 'MODEL_ANSWER_INVALID'],
    [
      'an answer that is cut',
      { text: 'one two three', break: { after: 2, how: 'reset' } },
      'MODEL_ANSWER_CUT',
    ],
    ['nothing', { status: 200, body: {}, drop: true }, 'MODEL_UNREACHABLE'],
    ['an answer that never ends', { text: 'x', break: { after: 0, how: 'endless' } }, 'MODEL_ANSWER_ENDLESS'],
  ])('ends with %s, and nothing was passed', async (_, script, code) => {
    const { result } = await examined(student(), { scripts: [script] });
    expect(result).toMatchObject({ fault: { code }, parts: [], kinds: [] });
    expect(passedIn(result)).toEqual([]);
  });

  it('follows the advice of a busy endpoint a few times, and no more', async () => {
    const busy: Script = {
      status: 429,
      headers: { 'retry-after': '0' },
      body: { error: { message: 'slow down' } },
    };
    const once = await examined(student(), { scripts: [busy, busy] });
    expect(once.result.fault).toBeNull();
    const often = await examined(student(), { scripts: [busy, busy, busy, busy] });
    expect(often.result).toMatchObject({ fault: { code: 'MODEL_BUSY' }, parts: [] });
  });

  it('that is stopped leaves nothing', async () => {
    const control = new AbortController();
    const stopped = examined(student({ more: { wait: 50 } }), { signal: control.signal });
    setTimeout(() => control.abort(), 30);
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('keeps no more of a long answer than can be read', async () => {
    const { result } = await examined({ otherwise: { text: 'word '.repeat(900) } });
    for (const { misses } of result.parts)
      for (const { came } of misses) expect(came.length).toBeLessThanOrEqual(500);
  });
});

describe('a line that sums up', () => {
  const bridge = [1, 2, 3, 4, 5]
    .flatMap(questionsOf)
    .flatMap(({ key }) => (key.part === 'summary' ? [key] : []))
    .filter(({ text }) => text.includes('bridge'));
  const said = (text: string, [one] = bridge) => {
    if (one === undefined) throw new Error('no bridge among the texts');
    return judge(one, { message: { role: 'assistant', parts: [{ type: 'text', text }] }, finish: 'stop' });
  };
  const place = () => /at (\w+) was/.exec(bridge[0]?.text ?? '')?.[1] ?? '';

  it('is judged by what it names, adds and denies', () => {
    expect(said(`The bridge at ${place()} was closed for repair; nobody was hurt.`)).toBeNull();
    expect(said(`The bridge at ${place()} was closed and two people were hurt.`)).toBe('adds');
    expect(said(`The bridge at ${place()} was closed for 1000 days.`)).toBe('adds');
    expect(said(`The bridge at ${place()} near London was closed.`)).toBe('adds');
    expect(said('A bridge was closed for repair.')).toBe('leaves-out');
    expect(said(`The bridge at ${place()}\nwas closed.`)).toBe('several-lines');
    expect(said(`The bridge at ${place()} was closed ${'and '.repeat(40)}`)).toBe('too-long');
  });
});
