import type { RunState, TaskState } from '@soma/schemas/run';
import { replySoFar } from '@soma/schemas/turn';
import { Check, CircleStop, Pin, Quote } from 'lucide-react';
import { useCallback, useState, useSyncExternalStore } from 'react';
import {
  useClient,
  useCommands,
  useContent,
  useRunDeltas,
  useText,
  useViewStore,
} from '../../client/index.ts';
import { Button, Chip } from '../../design/index.ts';
import { TaskApproval } from '../approval/index.ts';
import { Markdown } from '../document/markdown.tsx';
import { FaultLine } from '../fault/fault-line.tsx';
import { useSend } from '../run/use-send.ts';
import { pinNote } from './pin.ts';
import { replyLook, type Saying } from './thread.ts';

export interface ReplyProps {
  readonly saying: Saying;
}

/** What is replied to a person: the words as they come, then the whole with what was found of its quotes. */
export function Reply({ saying }: ReplyProps) {
  const text = useText();
  const { run, reply } = saying;
  const look = replyLook(saying);
  const openPlace = useOpenPlace(run);
  if (reply === null) return <Line>{text(`app.conversation.${look === 'due' ? 'due' : 'stopped'}`)}</Line>;
  switch (look) {
    case 'due':
      return <Line>{text('app.conversation.due')}</Line>;
    case 'under-way':
      return <Coming run={run} reply={reply} openPlace={openPlace} />;
    case 'asks':
      return <TaskApproval run={run.id} task={reply.id} className="max-h-[26rem] overflow-y-auto" />;
