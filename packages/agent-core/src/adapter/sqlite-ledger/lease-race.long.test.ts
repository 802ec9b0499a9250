import { it } from 'vitest';
import { raceForLeases } from '../../testing/lease-race.ts';

/** Races: twice the floor, or more with SOMA_SOAK_CASES. */
const RACES = Number(process.env['SOMA_SOAK_CASES'] ?? 1000);

it('of two processes that want the same lease one gets it, in 1,000 races', { timeout: 3_600_000 }, () =>
  raceForLeases(RACES),
);
