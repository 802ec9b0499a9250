export { StreamDrawer, type StreamDrawerProps } from './stream-drawer.tsx';
