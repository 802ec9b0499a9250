import type { Place } from './seat.ts';

/**
 * What a person must be able to do, as data: each is played by the test that cites its id, in `places` whenever tests run, in those of
 * `long` only in npm run test:all.
 */
export const SCENARIOS = {
  'first-minute': {
    title: 'opens a folder, starts a goal and reads the cards',
    places: ['window'],
    long: ['tab'],
  },
  'explain-languages': {
    title: 'explains folders of three languages and this repository, verified',
    places: [],
    long: ['window'],
  },
  'citation-opens': { title: 'opens a citation at its line', places: ['window'], long: ['tab'] },
  'note-undo': {
    title: 'writes a note, undoes it after a restart and redoes it',
    places: ['window'],
    long: ['tab'],
  },
  'two-windows': {
    title: 'sees in a second window what the first one wrote',
    places: ['window'],
    long: ['tab'],
  },
  'kill-resume': {
    title: 'resumes a run after the process was killed in its middle',
    places: ['window'],
    long: [],
  },
  'close-stop': {
    title: 'is asked about a run cut off by closing, and stops it',
    places: ['window'],
    long: [],
  },
  'folder-gone': {
    title: 'is told that the folder is gone, points to where it is, and the run goes on',
    places: ['window'],
    long: [],
  },
  'database-damaged': {
    title: 'is told of a damaged ledger and finds the board whole',
    places: [],
    long: ['window'],
  },
  'ledger-lost': {
    title: 'begins an empty log when the damaged one has no good backup, asked twice',
    places: [],
    long: ['window'],
  },
  'keyboard-only': {
    title: 'goes from an empty window to a verified run without a pointer',
    places: ['window'],
    long: [],
  },
  'rename-undo': {
    title: 'changes a text everywhere after seeing the whole change, and takes it back',
    places: ['window'],
    long: ['tab'],
  },
  'run-checks': {
    title: "lets a run start the project's own tests and reads what failed",
    places: ['window'],
    long: [],
  },
  'offered-check': {
    title: 'has a folder explained and starts the tests that the card offers to run',
    places: [],
    long: ['window'],
  },
  'answer-together': {
    title: 'marks what two runs ask at once, reads it together and approves it with one press',
    places: ['window'],
    long: [],
  },
  'standing-folder': {
    title: 'allows a kind of change in a folder until a day, is not asked again, and is once that is revoked',
    places: [],
    long: ['window'],
  },
  'find-answer': {
    title: 'asks where something is and opens the line that says it',
    places: ['tab'],
    long: [],
  },
  'time-travel': {
    title: 'looks back at a run, branches off, leaves a task out, compares, and has the task done again',
    places: [],
    long: ['window', 'tab'],
  },
  'cut-off-runs': {
    title: 'reads after a kill what each run had done and would do next, and resumes from there',
    places: ['window'],
    long: [],
  },
  'added-model': {
    title: 'adds a model, reads what its test found, and finds both again after a restart, the key not',
    places: ['window'],
    long: ['tab'],
  },
  'free-goal': {
    title: 'states a goal that no plan fits, and a model of theirs works it out, and what it says is checked',
    places: ['window'],
    long: ['tab'],
  },
  conversation: {
    title:
      'speaks to a run at work, reads the reply as it comes, pins it, stops another, and the run goes on',
    places: ['window'],
    long: ['tab'],
  },
  talk: {
    title:
      'talks with a run that has ended, reads the reply as it comes, opens the place it names and pins it to the board',
    places: [],
    long: ['window', 'tab'],
  },
  'looks-fair': {
    title: 'meets no serious accessibility fault on the main views',
    places: ['tab'],
    long: [],
  },
} as const satisfies Record<string, { title: string; places: readonly Place[]; long: readonly Place[] }>;
export type ScenarioId = keyof typeof SCENARIOS;
