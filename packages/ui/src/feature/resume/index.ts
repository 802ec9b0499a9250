export { ResumeOrStop } from './resume-or-stop.tsx';
