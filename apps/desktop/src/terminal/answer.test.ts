import { execFileSync } from 'node:child_process';
import { Artifact, RecordedRunEvent } from '@soma/schemas/event';
import { createTranslator } from '@soma/schemas/message';
import { fold } from '@soma/schemas/run';
import { expect, it } from 'vitest';
import { answerText } from './answer.ts';

const submitted = RecordedRunEvent.parse({
  ...{ id: 'e1', stream: 'run/r1', sequence: 1, version: 1, time: '2026-01-01T00:00:00.000Z' },
  scope: {
    tenant: 'local',
    workspace: 'local',
    actor: [{ kind: 'person', id: 'local' }],
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    causation: null,
  },
  type: 'goal.submitted',
  data: {
    run: 'r1',
    goal: { hash: 'a'.repeat(64), size: 1, mediaType: 'text/plain', inline: 'g' },
    folder: { id: 'f', path: '/f' },
    canvas: 'c',
    plan: null,
    slots: {},
    approve: 'ask',
  },
});

it('prints a chart as rows of signs, to one measure, each with its number', async () => {
  const artifact = Artifact.parse({
    ...{ id: 'a', title: 'Chart', icon: 'table', claims: [], lines: [], graph: null },
    chart: {
      kind: 'bars',
      bars: [
        { label: 'Oslo', value: 3000 },
        { label: 'A\u001b[31mB', value: 1500 },
        { label: 'one', value: 1 },
        { label: 'x'.repeat(60), value: 0 },
      ],
      axes: { label: 'city', value: 'Rows' },
      unit: null,
    },
  });
  const state = fold([submitted]);
  if (state === null) throw new Error('the event is expected to make a run');
  const [card] = answerText(state, [artifact], await createTranslator()).split('\n\n');
  const [title, heading, ...rows] = (card ?? '').split('\n');
  expect(title).toBe('Chart');
  expect(heading).toBe('  Chart of Rows by city, 4 bars');
  expect(rows).toHaveLength(4);
  expect(rows[0]).toBe(`  Oslo${' '.repeat(38)}${'#'.repeat(30)} 3,000`);
  expect(rows[1]).toContain(`  ${'#'.repeat(15)} 1,500`);
  expect(rows[1]).not.toContain('\u001b');
  expect(rows[2]).toMatch(/^ {2}one +# 1$/);
  expect(rows[3]).toBe(`  ${'x'.repeat(39)}…  0`);
});

it('prints what could come next as the command that runs it, quoted so that a shell takes it as it stands', async () => {
  const command = "npm test -- --grep 'it''s' $HOME";
  const artifact = Artifact.parse({
    ...{ id: 'a', title: 'How to test', icon: 'terminal', claims: [], lines: [], graph: null },
    offers: [{ title: 'Run it', goal: 'run the checks', plan: 'run-checks', slots: { command } }],
  });
  const moved = { ...submitted.data, folder: { id: 'f', path: "/tmp/a folder's" } };
  const state = fold([RecordedRunEvent.parse({ ...submitted, data: moved })]);
  if (state === null) throw new Error('the event is expected to make a run');
  const [card] = answerText(state, [artifact], await createTranslator()).split('\n\n');
  const line = card?.split('\n')[1] ?? '';
  expect(line).toMatch(/^ {2}Run it\? soma run 'run the checks' --folder /);
  const words = execFileSync('sh', ['-c', `printf '%s\\0' ${line.slice(line.indexOf('soma'))}`], {
    encoding: 'utf8',
  });
  expect(words.split('\0').slice(0, -1)).toEqual([
    ...['soma', 'run', 'run the checks', '--folder', "/tmp/a folder's"],
    ...['--plan', 'run-checks', '--set', `command=${command}`],
  ]);
});
