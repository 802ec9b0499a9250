import type { Place } from './seat.ts';

/** What a person must be able to do, as data: each is played in the places named, by the test that cites its id. */
export const SCENARIOS = {
  'first-minute': { title: 'opens a folder, starts a goal and reads the cards', places: ['window', 'tab'] },
  'explain-languages': {
    title: 'explains folders of three languages and this repository, verified',
    places: ['window'],
  },
  'citation-opens': { title: 'opens a citation at its line', places: ['window', 'tab'] },
  'note-undo': { title: 'writes a note, undoes it after a restart and redoes it', places: ['window', 'tab'] },
  'two-windows': { title: 'sees in a second window what the first one wrote', places: ['window', 'tab'] },
  'kill-resume': { title: 'resumes a run after the process was killed in its middle', places: ['window'] },
  'close-stop': { title: 'is asked about a run cut off by closing, and stops it', places: ['window'] },
  'folder-gone': {
    title: 'is told that the folder is gone, points to where it is, and the run goes on',
    places: ['window'],
  },
  'database-damaged': { title: 'is told of a damaged ledger and finds the board whole', places: ['window'] },
  'ledger-lost': {
    title: 'begins an empty log when the damaged one has no good backup, asked twice',
    places: ['window'],
  },
  'keyboard-only': {
    title: 'goes from an empty window to a verified run without a pointer',
    places: ['window'],
  },
  'rename-undo': {
    title: 'changes a text everywhere after seeing the whole change, and takes it back',
    places: ['window', 'tab'],
  },
  'run-checks': {
    title: "lets a run start the project's own tests and reads what failed",
    places: ['window'],
  },
  'offered-check': {
    title: 'has a folder explained and starts the tests that the card offers to run',
    places: ['window'],
  },
  'answer-together': {
    title: 'marks what two runs ask at once, reads it together and approves it with one press',
    places: ['window'],
  },
  'standing-folder': {
    title: 'allows a kind of change in a folder until a day, is not asked again, and is once that is revoked',
    places: ['window'],
  },
  'find-answer': { title: 'asks where something is and opens the line that says it', places: ['tab'] },
  'time-travel': {
    title: 'looks back at a run, branches off, leaves a task out, compares, and has the task done again',
    places: ['window', 'tab'],
  },
  'cut-off-runs': {
    title: 'reads after a kill what each run had done and would do next, and resumes from there',
    places: ['window'],
  },
  'looks-fair': { title: 'meets no serious accessibility fault on the main views', places: ['tab'] },
} as const satisfies Record<string, { title: string; places: readonly Place[] }>;
export type ScenarioId = keyof typeof SCENARIOS;
