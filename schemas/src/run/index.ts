export * from './agent.ts';
export * from './changes.ts';
export * from './compensation.ts';
export * from './evolve.ts';
export { dollarsIn, NO_MONEY, type Outside, outsideOf, RunMoney, spentOn } from './money.ts';
export * from './report.ts';
export * from './segment-start.ts';
export * from './state.ts';
export * from './summary.ts';
