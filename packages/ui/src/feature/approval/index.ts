// What a person is asked: the inbox of all runs, and the card where the work is.
export { ApprovalCard } from './approval-card.tsx';
export { ApprovalsPage } from './approvals-page.tsx';
export { TaskApproval } from './task-approval.tsx';
export { WaitingNotices } from './waiting-notices.tsx';
