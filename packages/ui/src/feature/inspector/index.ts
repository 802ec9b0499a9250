export { ApprovalCard, type ApprovalCardProps } from './approval-card.tsx';
export { Inspector } from './inspector.tsx';
