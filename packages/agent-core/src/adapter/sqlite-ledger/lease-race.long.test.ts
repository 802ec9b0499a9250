import { it } from 'vitest';
import { raceForLeases } from '../../testing/lease-race.ts';

it('of two processes that want the same lease one gets it, in 1,000 races', () => raceForLeases(1000));
