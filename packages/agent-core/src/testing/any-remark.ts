import { Json } from '@soma/schemas/event';
import fc from 'fast-check';
import type { NewEvent } from '../port/index.ts';
import { SAMPLE_TIME } from './event-sample.ts';

/** Any event of a run that has begun, once it is given an id. Texts and values hold whatever JSON can hold. */
export const anyRemark: fc.Arbitrary<(id: string) => NewEvent> = fc
  .tuple(fc.nat({ max: 4 }), fc.string({ unit: 'binary', maxLength: 60 }), fc.jsonValue({ maxDepth: 2 }))
  .map(([kind, text, value]) => (id) => {
    const time = SAMPLE_TIME;
    // Through JSON, which has no negative zero.
    const note = { code: 'remark', data: { text, value: Json.parse(JSON.parse(JSON.stringify(value))) } };
    switch (kind) {
      case 0:
        return { id, time, type: 'run.paused', data: { reason: 'person', fault: null } };
      case 1:
        return { id, time, type: 'run.resumed', data: { from: 'paused', approve: null } };
      case 2:
        return { id, time, type: 'run.ended', data: { state: 'stopped', note, fault: null } };
      case 3:
        return { id, time, type: 'task.completed', data: { task: text, attempt: 1, state: 'verified' } };
      default:
        return { id, time, type: 'step.skipped', data: { task: 'task-1', attempt: 1, step: 'recall', note } };
    }
  });
