import { implement } from '@orpc/server';
import { contract, type Reach, type Recording } from '@soma/schemas/contract';
import { fault, type Permission } from '@soma/schemas/event';
import type { RunCommand } from '../domain/decide.ts';
import type { Engine } from '../engine/index.ts';
import { coversOnly } from '../policy/index.ts';
import { meta } from './answers.ts';
import type { CallContext, HostParts } from './parts.ts';
import { loadRun } from './run-news.ts';
import type { Workspace } from './workspace.ts';

/** Longest time ahead, in milliseconds, for which a folder may be given a permission. */
const LONGEST_MS = 366 * 24 * 60 * 60 * 1000;

export interface ApprovalParts {
  readonly host: HostParts;
  readonly engine: Engine;
  readonly workspace: Workspace;
}

/** Answers to what runs ask, and the permissions that come of them. */
export function createApprovalRouters({ host, engine, workspace }: ApprovalParts) {
  const approvals = implement(contract.approval).$context<CallContext>();
  const permissions = implement(contract.permission).$context<CallContext>();
  const once: Reach = { scope: 'once' };
  return {
    approval: {
      answer: approvals.answer.handler(async ({ input, context }): Promise<Recording> => {
        const { id, run, approval, argumentsHash, answer, reach = once } = input;
        if (reach.scope === 'folder' && !isAhead(reach.until, host.clock.now()))
          return { ok: false, fault: fault('INVALID_INPUT', { path: 'reach.until' }) };
        const { scope } = reach;
        const command: RunCommand = { type: 'answer', approval, argumentsHash, answer, by: 'person', scope };
        const own = meta(context, id);
        const permission = reach.scope === 'folder' ? await permissionOf(context, input, reach.until) : null;
        // What models are told is allowed once or for a run, and never for a folder.
        if (reach.scope === 'folder' && permission === null)
          return { ok: false, fault: fault('INVALID_INPUT', { path: 'reach.scope' }) };
        const answered = await engine.command(run, command, own);
        if (!answered.ok || answer === 'rejected' || permission === null) return answered;
        const granted = await workspace.record(own.scope, permission.id, {
          type: 'permission.granted',
          data: { permission, run, approval },
        });
        return granted.ok ? answered : granted;
      }),
    },
    permission: {
      revoke: permissions.revoke.handler(({ input, context }): Promise<Recording> | Recording => {
        const { id, permission } = input;
        if (!workspace.state().permissions.some((known) => known.id === permission))
          return { ok: false, fault: fault('PERMISSION_UNKNOWN', { permission }) };
        return workspace.record(meta(context, id).scope, id, {
          type: 'permission.revoked',
          data: { permission },
        });
      }),
    },
  };

  async function permissionOf(
    context: CallContext,
    { id, run, approval }: { readonly id: string; readonly run: string; readonly approval: string },
    until: string,
  ): Promise<Permission | null> {
    const state = await loadRun(host, context.scope, run);
    const asked = state?.approvals[approval];
    const tool = host.tools.find((one) => one.describe().name === asked?.tool);
    if (state === null || asked === undefined || tool === undefined) return null;
    return {
      id: `${id}.permission`,
      folder: state.folder.id,
      tool: asked.tool,
      argumentsHash: coversOnly(tool) ? asked.arguments.hash : null,
      until,
    };
  }
}

function isAhead(until: string, now: string): boolean {
  const ahead = Date.parse(until) - Date.parse(now);
  return ahead > 0 && ahead <= LONGEST_MS;
}
