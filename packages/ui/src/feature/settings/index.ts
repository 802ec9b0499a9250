export { SettingsDialog } from './settings-dialog.tsx';
export { ThemeControl, useChosenTheme } from './theme-control.tsx';
