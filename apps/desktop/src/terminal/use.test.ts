import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';
import { readUse } from './use.ts';

const typed = (line: string) => readUse(line.split(' ').filter((word) => word !== ''));

describe('what is typed after soma', () => {
  it('is a goal with its folder, plan, slots, way of approving and report', () => {
    const args = [
      'run',
      'Explain this folder',
      '--folder',
      'a',
      '--plan',
      'p',
      '--set',
      'k=v=w',
      '--set',
      'n=',
      '--approve',
      'never',
    ];
    expect(readUse([...args, '--json', 'out.json'])).toEqual({
      ...{ verb: 'run', goal: 'Explain this folder', folder: 'a', plan: 'p' },
      ...{
        slots: { k: 'v=w', n: '' },
        approve: 'never',
        json: 'out.json',
        fresh: false,
        priority: 'normal',
        within: null,
      },
    });
  });

  it('asks unless told otherwise', () => {
    expect(typed('run goal --folder a')).toMatchObject({ approve: 'ask', plan: null, json: null, slots: {} });
  });

  it.each([
    ['runs', { verb: 'runs', json: false }],
    ['runs --json', { verb: 'runs', json: true }],
    ['show r1', { verb: 'show', run: 'r1' }],
    ['stop r1', { verb: 'stop', run: 'r1' }],
    ['pause r1', { verb: 'pause', run: 'r1' }],
    ['retry r1 find', { verb: 'retry', run: 'r1', task: 'find' }],
    ['skip r1 find', { verb: 'skip', run: 'r1', task: 'find' }],
    ['edit r1 find --arguments {}', { verb: 'edit', run: 'r1', task: 'find', given: '{}' }],
    ['fork r1', { verb: 'fork', run: 'r1', at: null, approve: 'ask', paused: false }],
    ['fork r1 --at 12 --paused', { verb: 'fork', run: 'r1', at: 12, approve: 'ask', paused: true }],
    [
      'run g --folder a --fresh',
      {
        verb: 'run',
        goal: 'g',
        folder: 'a',
        plan: null,
        slots: {},
        approve: 'ask',
        json: null,
        fresh: true,
        priority: 'normal',
        within: null,
      },
    ],
    [
      'run g --folder a --priority high --within 5',
      {
        verb: 'run',
        goal: 'g',
        folder: 'a',
        plan: null,
        slots: {},
        approve: 'ask',
        json: null,
        fresh: false,
        priority: 'high',
        within: 5,
      },
    ],
    ['recall ninja --folder a', { verb: 'recall', text: 'ninja', folder: 'a' }],
    ['forget --run r1', { verb: 'forget', of: { run: 'r1' } }],
    ['forget --folder a', { verb: 'forget', of: { folder: 'a' } }],
    ['history r1', { verb: 'history', run: 'r1', json: false }],
    ['resume r1', { verb: 'resume', run: 'r1', approve: null }],
    ['resume r1 --approve all', { verb: 'resume', run: 'r1', approve: 'all' }],
    ['', { verb: 'help' }],
    ['--help', { verb: 'help' }],
  ])('understands "%s"', (line, use) => {
    expect(typed(line)).toEqual(use);
  });

  it.each([
    ['fly', 'verb'],
    ['retry r1', 'task-missing'],
    ['skip r1 a b', 'task-missing'],
    ['skip r1 a --arguments {}', 'option'],
    ['edit r1 a', 'arguments-missing'],
    ['fork', 'run-missing'],
    ['fork r1 --at 0', 'at'],
    ['fork r1 --approve maybe', 'approve'],
    ['history', 'run-missing'],
    ['run g --folder a --priority first', 'priority'],
    ['run g --folder a --within soon', 'within'],
    ['recall --folder a', 'text-missing'],
    ['recall x', 'folder-missing'],
    ['forget', 'forget'],
    ['forget --run a --folder b', 'forget'],
    ['run --folder a', 'goal-missing'],
    ['run one two --folder a', 'goal-missing'],
    ['run goal', 'folder-missing'],
    ['run goal --folder', 'option'],
    ['run goal --folder a --speed 9', 'option'],
    ['run goal --folder a --approve maybe', 'approve'],
    ['run goal --folder a --set novalue', 'set'],
    ['run goal --folder a --set =v', 'set'],
    ['runs r1', 'option'],
    ['runs --json=x', 'option'],
    ['show', 'run-missing'],
    ['show a b', 'run-missing'],
    ['stop', 'run-missing'],
    ['stop a --now', 'option'],
    ['resume', 'run-missing'],
    ['resume a --approve some', 'approve'],
    ['begin-anew --now', 'option'],
  ])('refuses "%s"', (line, key) => {
    expect(typed(line)).toMatchObject({ verb: 'wrong', key });
  });
});

describe('text of others on a terminal', () => {
  it('shows what would move the cursor instead of doing it', () => {
    expect(printable('a\nb\x1b[2Jc\u202ed')).toBe('a\\x0ab\\x1b[2Jc\\u{202e}d');
  });

  it('is one line without control characters, and ordinary text is left alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\u2028\u2029]/u.test(printable(text))),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[\w äöü日本語😀.,:/-]*$/u), (text) => printable(text) === text),
    );
  });
});
