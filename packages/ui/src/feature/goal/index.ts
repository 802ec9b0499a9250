export { FirstMinute } from './first-minute.tsx';
export { GoalBox } from './goal-box.tsx';
export { focusGoal } from './goal-focus.ts';
export { nameOf, useNewCanvas, useOpenFolder, useOpenPath } from './open-folder.ts';
export { OpenFolderDialog } from './open-folder-dialog.tsx';
