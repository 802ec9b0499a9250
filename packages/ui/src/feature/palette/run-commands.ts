import {
  FilePlus,
  GitCompare,
  Hand,
  History,
  Inbox,
  ListChecks,
  type LucideIcon,
  MessageSquare,
  Package,
  Pause,
  Play,
  SquareStop,
  StepBack,
  StepForward,
} from 'lucide-react';
import { type Command, command, type Now } from './command.ts';

const isWorking = ({ run }: Now) =>
  run !== null && (run.phase === 'planning' || run.phase === 'running' || run.phase === 'waiting');
const isHeld = ({ run }: Now) => run !== null && (run.phase === 'paused' || run.phase === 'interrupted');

/** What is done to runs and to what they ask. */
export const RUNS: readonly Command[] = [
  command({
    id: 'pause-run',
    group: 'runs',
    icon: Pause,
    keys: ['Escape'],
    when: (now) => (isWorking(now) ? null : 'app.palette.reason.no-working-run'),
    run: ({ run, commands }) => void (run !== null && commands.pause(run.run)),
  }),
  command({
    id: 'resume-run',
    group: 'runs',
    icon: Play,
    when: (now) => (isHeld(now) ? null : 'app.palette.reason.no-held-run'),
    run: ({ run, commands }) => void (run !== null && commands.resume(run.run)),
  }),
  command({
    id: 'stop-run',
    group: 'runs',
    icon: SquareStop,
    when: (now) => (isWorking(now) || isHeld(now) ? null : 'app.palette.reason.no-open-run'),
    run: ({ run, commands }) => void (run !== null && commands.stop(run.run)),
  }),
  command({
    id: 'approve',
    group: 'runs',
    icon: Hand,
    keys: ['A'],
    inside: 'approval',
    when: ({ waiting }) => (waiting > 0 ? null : 'app.palette.reason.nothing-waits'),
    run: ({ client }) => client.view.openPage('approvals'),
  }),
  command({
    id: 'reject',
    group: 'runs',
    icon: Hand,
    keys: ['R'],
    inside: 'approval',
    when: ({ waiting }) => (waiting > 0 ? null : 'app.palette.reason.nothing-waits'),
    run: ({ client }) => client.view.openPage('approvals'),
  }),
  command({
    id: 'mark-approval',
    group: 'runs',
    icon: ListChecks,
    keys: ['X'],
    inside: 'approval',
    when: ({ waiting }) => (waiting > 0 ? null : 'app.palette.reason.nothing-waits'),
    run: ({ client }) => client.view.openPage('approvals'),
  }),
  command({
    id: 'open-approvals',
    group: 'runs',
    icon: Inbox,
    keys: ['Mod+I'],
    run: ({ client }) => client.view.openPage('approvals'),
  }),
  command({
    id: 'open-runs',
    group: 'runs',
    icon: History,
    run: ({ client }) => client.view.openPage('runs'),
  }),
];

const shown = ({ run }: Now) => (run === null ? 'app.palette.reason.no-run' : null);

/** A step in the past of the run that is looked back at. */
const travelled = (id: 'travel-back' | 'travel-on', icon: LucideIcon, by: -1 | 1): Command =>
  command({
    id,
    group: 'runs',
    icon,
    keys: [by < 0 ? ',' : '.'],
    when: ({ client }) =>
      client.travel.getState().run === null ? 'app.palette.reason.not-looking-back' : null,
    run: ({ client: { travel } }) => travel.seek(travel.getState().at + by),
  });

/** What is done with a run’s past, and with two of them. */
export const TRAVEL: readonly Command[] = [
  command({
    id: 'look-back',
    group: 'runs',
    icon: History,
    when: shown,
    run: ({ client, view, run }) => {
      if (run === null) return;
      if (view.page !== 'canvas' || view.canvas !== run.canvas) client.view.openCanvas(run.canvas);
      client.view.select({ kind: 'run', run: run.run }, { reveal: true });
      client.travel.enter(run.run);
    },
  }),
  command({
    id: 'talk',
    group: 'runs',
    icon: MessageSquare,
    keys: ['Mod+Alt+C'],
    when: shown,
    run: ({ client, view, run }) => {
      if (run === null) return;
      if (view.page !== 'canvas' || view.canvas !== run.canvas) client.view.openCanvas(run.canvas);
      client.view.openConversation(view.conversation === null ? run.run : null);
    },
  }),
  command({
    id: 'compare-run',
    group: 'runs',
    icon: GitCompare,
    when: shown,
    run: ({ client, run }) => void (run !== null && client.view.compare(run.run, null)),
  }),
  travelled('travel-back', StepBack, -1),
  travelled('travel-on', StepForward, 1),
];

/** What is done to plans of a person. */
export const PLANS: readonly Command[] = [
  command({
    id: 'plans',
    group: 'runs',
    icon: Package,
    run: ({ client }) => client.view.setOverlay('plans'),
  }),
  command({
    id: 'add-plan',
    group: 'runs',
    icon: FilePlus,
    run: ({ client }) => client.view.setOverlay('add-plan'),
  }),
];
