export * from './ability.ts';
export * from './answer.ts';
export * from './catalogue.ts';
export * from './exam.ts';
export * from './message.ts';
export * from './reply.ts';
export * from './turn.ts';
export * from './usage.ts';
