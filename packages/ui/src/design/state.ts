import {
  BadgeCheck,
  Ban,
  Check,
  CircleDashed,
  CirclePause,
  CircleQuestionMark,
  CircleStop,
  Hand,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Pause,
} from 'lucide-react';

/** The seven colour roles of a state. Green (verified) is earned: it means that evidence was checked. */
export type Tone = 'queued' | 'running' | 'waiting' | 'verified' | 'unverified' | 'failed' | 'stopped';

/** What a run, task or step can look like: the seven states, and four that borrow grey. `done` had nothing to check. */
export type StateName = Tone | 'paused' | 'stuck' | 'denied' | 'done';

/** A state's look. Its word comes from the message catalogue, so colour, shape and word stay together. */
export interface StateLook {
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

/** Every state with its own shape, in the order in which a reader meets them. */
export const STATES: Readonly<Record<StateName, StateLook>> = {
  queued: { icon: CircleDashed, tone: 'queued' },
  running: { icon: LoaderCircle, tone: 'running' },
  waiting: { icon: Hand, tone: 'waiting' },
  verified: { icon: BadgeCheck, tone: 'verified' },
  unverified: { icon: CircleQuestionMark, tone: 'unverified' },
  failed: { icon: OctagonX, tone: 'failed' },
  stopped: { icon: CircleStop, tone: 'stopped' },
  paused: { icon: Pause, tone: 'stopped' },
  stuck: { icon: CirclePause, tone: 'stopped' },
  denied: { icon: Ban, tone: 'stopped' },
  done: { icon: Check, tone: 'stopped' },
};
