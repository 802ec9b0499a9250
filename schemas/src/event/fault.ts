import { z } from 'zod';

/** Any JSON value, as it stands in faults, notes and tool arguments. */
export const Json = z.json();
export type Json = z.infer<typeof Json>;

/**
 * Every stable code a person or a program may meet. The catalogue holds title, cause, effect and next step of each under
 * `fault.CODE`; a test fails when one has no text.
 */
export const FaultCode = z.enum([
  'APPROVAL_CHANGED',
  'APPROVAL_UNKNOWN',
  'BACKUP_BROKEN',
  'BACKUP_PLACE_REFUSED',
  'CANVAS_UNKNOWN',
  'CANVAS_UPDATE_REFUSED',
  'CHANGE_LEFT_HALF',
  'CHANGE_TOO_LARGE',
  'COMMAND_NOT_STARTED',
  'COMMAND_STOPPED',
  'CONSUMER_FAILED',
  'CONTENT_GONE',
  'DATABASE_DAMAGED',
  'DATA_FOLDER_BUSY',
  'DATA_FOLDER_NEWER',
  'DATA_FOLDER_UNUSABLE',
  'DELEGATE_ENDED',
  'DELEGATE_RIGHTS',
  'DELEGATE_TOO_DEEP',
  'DISK_FULL',
  'EVENT_INVALID',
  'FETCH_ADDRESS_REFUSED',
  'FETCH_FAILED',
  'FETCH_REDIRECTED',
  'FETCH_STATUS',
  'FETCH_TIMEOUT',
  'FETCH_TOO_LARGE',
  'FETCH_TYPE_REFUSED',
  'FETCH_URL_REFUSED',
  'FILE_BINARY',
  'FILE_CHANGED',
  'FILE_GONE',
  'FILE_NOT_UTF8',
  'FILE_READ_ONLY',
  'FILE_TOO_LARGE',
  'FILE_UNREADABLE',
  'FILE_UNWRITABLE',
  'FOLDER_GONE',
  'FOLDER_NOT_A_FOLDER',
  'FOLDER_UNKNOWN',
  'FOLDER_UNREADABLE',
  'FORK_POINT_UNKNOWN',
  'GOAL_EMPTY',
  'HOST_IN_WINDOW',
  'HOST_LEAVING',
  'HOST_UNREACHABLE',
  'ID_REUSED',
  'INTERNAL',
  'INVALID_INPUT',
  'LEASE_LOST',
  'MODEL_ABSENT',
  'MODEL_FETCH_FAILED',
  'MODEL_FILE_REFUSED',
  'MODEL_NO_PYTHON',
  'MODEL_UNUSABLE',
  'NOTE_CHANGED',
  'NOTE_NOT_OWN',
  'NOTHING_TO_CHANGE',
  'PATH_OUTSIDE',
  'PERMISSION_UNKNOWN',
  'PLAN_AMBIGUOUS',
  'PLAN_EXPRESSION_FAILED',
  'PLAN_INVALID',
  'PLAN_NAME_TAKEN',
  'PLAN_NOT_MATCHED',
  'PLAN_NOT_OWN',
  'PLAN_TOO_MANY',
  'PLAN_UNKNOWN',
  'POLICY_DENIED',
  'PROTOCOL_MISMATCH',
  'QUEUE_COPY_UNKNOWN',
  'RECALL_STALE',
  'RUN_ENDED',
  'RUN_LONG',
  'RUN_NOT_ENDED',
  'RUN_NOT_PAUSED',
  'RUN_UNKNOWN',
  'SLOT_MISSING',
  'SLOT_UNKNOWN',
  'TOOL_FAILED',
  'TOOL_INPUT_INVALID',
  'TOOL_OUTCOME_UNKNOWN',
  'TOOL_OUTPUT_TOO_LARGE',
  'TOOL_TIMEOUT',
  'TOOL_UNKNOWN',
  'TASK_BUSY',
  'TASK_DROPPED',
  'TASK_NOT_OVER',
  'TASK_NOT_PENDING',
  'TASK_UNKNOWN',
  'TABLE_BROKEN',
  'TABLE_COLUMN_UNKNOWN',
  'TABLE_EMPTY',
  'TABLE_TOO_WIDE',
  'TOO_MANY_FILES',
]);
export type FaultCode = z.infer<typeof FaultCode>;

/** When the same request may be worth sending again: never, at once, or not before an RFC 3339 time. */
export const Retry = z.discriminatedUnion('when', [
  z.object({ when: z.literal('never') }),
  z.object({ when: z.literal('now') }),
  z.object({ when: z.literal('at'), at: z.iso.datetime() }),
]);
export type Retry = z.infer<typeof Retry>;

/** What went wrong, without words: a code, the values its text needs, and whether to try again. */
export const Fault = z.object({
  code: FaultCode,
  data: z.record(z.string(), Json),
  retry: Retry,
});
export type Fault = z.infer<typeof Fault>;

/** A short remark for a person, as a key of the catalogue (`note.CODE`) and the values its text needs. */
export const Note = z.object({ code: z.string().min(1).max(80), data: z.record(z.string(), Json) });
export type Note = z.infer<typeof Note>;
