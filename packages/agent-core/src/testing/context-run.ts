import { callsOf, settled, submitGoal } from './run-scenario.ts';
import { chatModelAt, chatOf } from './scripted-chat.ts';
import { openTestHost } from './test-host.ts';

export interface ContextRun {
  /** An empty folder for what the host keeps. */
  readonly data: string;
  readonly folder: string;
  readonly goal: string;
  /** Where the scripted model is asked. */
  readonly address: string;
  /** Tokens that the model is said to take. */
  readonly contextTokens: number;
}

/** Works a goal out with a scripted model on the product's own host, and answers how the run ended. */
export async function workOut({ data, folder, goal, address, contextTokens }: ContextRun): Promise<string> {
  const opened = await openTestHost(data, [], { chat: chatOf(chatModelAt(address, { contextTokens })) });
  try {
    await opened.host.start();
    await submitGoal(callsOf(opened), { run: 'r', folder, goal, plan: 'free-goal' });
    const { status } = await settled(opened, 'r');
    return status.name === 'ended' ? status.state : status.name;
  } finally {
    await opened.close();
  }
}
