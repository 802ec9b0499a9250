export { StreamDrawer } from './stream-drawer.tsx';
