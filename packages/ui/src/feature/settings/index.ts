export { useChosenTheme } from './theme-control.tsx';
