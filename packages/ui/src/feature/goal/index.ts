export { FirstMinute } from './first-minute.tsx';
export { GoalBox } from './goal-box.tsx';
