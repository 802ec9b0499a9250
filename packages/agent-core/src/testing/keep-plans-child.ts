// Keeps one plan again and again, each time with another text, until it is killed.
import { PlanFolder } from '../adapter/plan-files/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { armKill } from './kill.ts';

const [point, folder = '', letters = ''] = process.argv.slice(2);
armKill(point);
const plans = new PlanFolder({ folder, clock: systemClock });
for (;;) {
  for (const letter of letters) await plans.keep('a.yaml', letter.repeat(50_000));
}
