export { EXAM_VERSION, type Examination, examine, faultResult, passedIn, questionsOf } from './examine.ts';
