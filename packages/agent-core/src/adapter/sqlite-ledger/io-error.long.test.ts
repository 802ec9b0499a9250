import { expect, it } from 'vitest';
import { failOnce, type IoError } from '../../testing/io-error-scenario.ts';

const calls: { call: IoError['call']; error: IoError['error']; step: number }[] = [
  { call: 'fsync', error: 'EIO', step: 2 },
  { call: 'pwrite64', error: 'EIO', step: 17 },
  { call: 'pwrite64', error: 'ENOSPC', step: 23 },
  { call: 'rename', error: 'EIO', step: 1 },
  { call: 'ftruncate', error: 'EIO', step: 1 },
  { call: 'unlink', error: 'EIO', step: 3 },
  { call: 'mkdir', error: 'ENOSPC', step: 1 },
];

it.each(calls)(
  'whichever $call fails with $error, nothing acknowledged is lost',
  async ({ call, error, step }) => {
    let tried = 0;
    for (let when = 1; await failOnce({ call, error, when }); when += step) tried += 1;
    expect(tried).toBeGreaterThan(1);
  },
);
