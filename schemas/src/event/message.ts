import { z } from 'zod';
import { Content } from './content.ts';

export const messageEvents = {
  /** A person spoke to the run while it was at work. `task` answers it and comes into the plan with it. */
  'message.sent': z.object({
    message: z.string().min(1).max(200),
    text: Content,
    task: z.string().min(1).max(64),
  }),
};
