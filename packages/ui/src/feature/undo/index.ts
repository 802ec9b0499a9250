// Taking back what a run did: its files one by one or whole, and its cards on the board.
export { ChangesTab } from './changes-tab.tsx';
export { UndoNotices } from './undo-notices.tsx';
