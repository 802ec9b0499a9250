import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { useBudget } from './budget-command.ts';
import { readUse } from './use.ts';

describe('soma budget', () => {
  let desks: TerminalDesks;
  beforeEach(() => {
    desks = new TerminalDesks();
  });
  afterEach(() => desks.close());

  it('says what models may cost, changes the limit that is given alone, and keeps it', async () => {
    const at = await desks.open('source');
    const said = async (...args: string[]) => {
      at.heard.answers.splice(0);
      expect(await useBudget(at, typed('budget', ...args))).toBe(0);
      return [...at.heard.answers];
    };
    expect(await said()).toEqual(['models may cost: $1 a run, $5 a day', 'today so far: $0']);
    expect((await said('--run', '0.25'))[0]).toBe('models may cost: $0.25 a run, $5 a day');
    expect((await said('--day', 'none'))[0]).toBe('models may cost: $0.25 a run, any sum a day');
    expect((await said())[0]).toBe('models may cost: $0.25 a run, any sum a day');
  });

  it.each(['-1', 'much', '1e9', '0.123456', ''])('is not set to %o', (given) => {
    expect(readUse(['budget', `--run=${given}`])).toMatchObject({ verb: 'wrong', key: 'budget' });
  });
});
