import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Fault } from '../event/fault.ts';
import { Abilities } from '../turn/ability.ts';
import { ModelPrice, Source } from '../turn/catalogue.ts';
import { ExamPart, TurnKind } from '../turn/exam.ts';
import { answer, Id } from './answer.ts';

// Models that people add for turns, from an endpoint or from a file of their own. Those that the product fetches stand in model.ts.

const Path = z.string().min(1).max(4096);
const Count = z.number().int().min(0);
const Address = z.string().min(1).max(2000);
/** A model's name as its endpoint writes it. */
const Name = z.string().min(1).max(200);
/** Goes from here to its keeper, and never back. */
const Key = z.string().min(1).max(4096);

/** Where a key may be put: into the keychain of the system, or into memory until the host ends. */
export const KeyKeeper = z.enum(['keychain', 'session']);
export type KeyKeeper = z.infer<typeof KeyKeeper>;

/**
 * The keychain of the system, for this host: *here*; *none* where the host cannot reach one, as outside the window's app; *unprotected*
 * where the system would lock it with a password that everybody knows, and *locked*. Only in one that is *here* a key is put.
 */
export const Keychain = z.enum(['here', 'none', 'unprotected', 'locked']);
export type Keychain = z.infer<typeof Keychain>;

/**
 * Where a model's key lies: it has *none*; in the *keychain*; in memory for this *session*; in a keychain that is *locked* for this host;
 * *gone* with the session for which it was given.
 */
export const KeyPlace = z.enum(['none', 'keychain', 'session', 'locked', 'gone']);
export type KeyPlace = z.infer<typeof KeyPlace>;

/** What is known of a model at its endpoint. What nobody read in a named source is null or *unknown*, and unknown is not free. */
export const KnownOfModel = z.object({
  price: ModelPrice,
  contextTokens: z.number().int().min(1).nullable(),
  outputTokens: z.number().int().min(1).nullable(),
  abilities: Abilities,
  /** SPDX name of the weights' licence. */
  licence: z.string().nullable(),
  /** Where these were read, and when; null where nothing was read. */
  source: Source.nullable(),
});
export type KnownOfModel = z.infer<typeof KnownOfModel>;

/** Why an answer of the examination is not right. Its text stands under `exam.reason.REASON`. */
export const ExamReason = z.enum([
  'empty',
  'cut-off',
  'no-json',
  'other-fields',
  'wrong-value',
  'no-tool',
  'several-tools',
  'other-tool',
  'wrong-arguments',
  'several-lines',
  'too-long',
  'leaves-out',
  'adds',
  'made-up',
  'says-absent',
]);
export type ExamReason = z.infer<typeof ExamReason>;

/** A question that was not answered right: what was asked, what was to come and what came, each cut to 500 characters. */
export const ExamMiss = z.object({
  asked: z.string().max(500),
  expected: z.string().max(500),
  came: z.string().max(500),
  reason: ExamReason,
});
export type ExamMiss = z.infer<typeof ExamMiss>;

/** One part of the examination. It is *passed* when every question was answered right; `fault` says why one is *not-possible*. */
export const ExamPartResult = z.object({
  part: ExamPart,
  verdict: z.enum(['passed', 'failed', 'not-possible']),
  questions: Count,
  right: Count,
  misses: z.array(ExamMiss).max(20),
  fault: Fault.nullable(),
});
export type ExamPartResult = z.infer<typeof ExamPartResult>;

/** What came of an examination. One that a fault ended has no parts: nothing was passed. */
export const ExamResult = z.object({
  at: z.iso.datetime(),
  /** The model that answered, as its provider calls it, where that is another name than was asked for. */
  answeredAs: z.string().max(200).nullable(),
  /** Median of the milliseconds until the first part of an answer; null where none came. */
  firstTokenMs: z.number().min(0).nullable(),
  /** After the first; null where the provider does not count its tokens or sends an answer in one piece. */
  tokensPerSecond: z.number().min(0).nullable(),
  parts: z.array(ExamPartResult),
  /** Kinds of turn that it may be given now. */
  kinds: z.array(TurnKind),
  /** Tokens that all questions took together; null where the provider does not say. */
  usage: z.object({
    input: Count.nullable(),
    output: Count.nullable(),
    dollars: z.number().min(0).nullable(),
  }),
  fault: Fault.nullable(),
});
export type ExamResult = z.infer<typeof ExamResult>;

/** A model that a person added. The first of the list is taken first. */
export const AddedModel = z.object({
  id: z.string(),
  /** Id of its endpoint in the table of endpoints, or `local` for a file on this computer. */
  endpoint: z.string(),
  /** The endpoint's name as its maker writes it; empty where it has none. */
  endpointName: z.string(),
  model: Name,
  /** Where it is asked; null for a file on this computer. */
  address: Address.nullable(),
  /** Nothing that it is asked leaves this computer. */
  local: z.boolean(),
  /** A file on this computer, and the SHA-256 that it had when it was added, in hex. */
  file: z.object({ path: z.string(), bytes: Count, sha256: z.string() }).nullable(),
  known: KnownOfModel,
  key: KeyPlace,
  addedAt: z.iso.datetime(),
  exam: z.object({
    /** How far an examination is that goes on now. */
    running: z.object({ since: z.iso.datetime(), part: ExamPart, done: Count, questions: Count }).nullable(),
    /** Of the last one that was not stopped; null before it. Until it has passed something, the model is given nothing. */
    result: ExamResult.nullable(),
  }),
});
export type AddedModel = z.infer<typeof AddedModel>;

/** An endpoint that the product knows how to speak to; `other` is any that speaks the chat completions protocol. */
export const EndpointView = z.object({
  id: z.string(),
  name: z.string(),
  /** Where it is when nobody says otherwise; empty where that is nowhere in particular. */
  address: z.string(),
  local: z.boolean(),
  key: z.enum(['needed', 'optional']),
});
export type EndpointView = z.infer<typeof EndpointView>;

/** A server that answers on this computer. Found is not trusted: it is sent nothing until a person adds it. */
export const NearbyServer = z.object({
  /** The endpoint whose usual place it is; another program may have taken it. */
  endpoint: z.string(),
  endpointName: z.string(),
  address: Address,
  needsKey: z.boolean(),
  models: z.array(z.string()),
});
export type NearbyServer = z.infer<typeof NearbyServer>;

/** What to add: a model at an endpoint, or a chat model in a GGUF file of the person's own. */
export const ModelToAdd = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('endpoint'),
    endpoint: z.string().min(1).max(80),
    /** Null is the endpoint's usual one. */
    address: Address.nullable(),
    model: Name,
    key: Key.nullable(),
    keep: KeyKeeper,
  }),
  z.object({
    from: z.literal('file'),
    /** Absolute path. */
    path: Path,
    /** Tokens of context and answer together; null takes what the file says, and no more than 8192. */
    contextTokens: z.number().int().min(256).max(1_000_000).nullable(),
  }),
]);
export type ModelToAdd = z.infer<typeof ModelToAdd>;

const addedCommand = z.object({ id: Id, added: z.string().min(1).max(200) });
const Changed = answer({ models: z.array(AddedModel) });

/**
 * A model that is not asked at the moment, since nobody was there (`unreachable`) or nobody took requests (`busy`) several times in a row.
 * `host` is null for a file on this computer; `since` is RFC 3339 in UTC.
 */
export const ModelAway = z.object({
  id: z.string(),
  model: z.string(),
  host: z.string().nullable(),
  is: z.enum(['unreachable', 'busy']),
  since: z.iso.datetime(),
});
export type ModelAway = z.infer<typeof ModelAway>;

/** The models that are away now, and how many goals wait for one of them. */
export const ModelsAway = z.object({ models: z.array(ModelAway), goals: z.number().int().min(0) });
export type ModelsAway = z.infer<typeof ModelsAway>;

export const chatContract = {
  /** In the order in which they are taken. `watch` of the workspace tells every change. */
  list: oc.input(z.object({})).output(Changed),
  /** What a form to add one is filled from. */
  endpoints: oc.input(z.object({})).output(answer({ endpoints: z.array(EndpointView), keychain: Keychain })),
  /** Looks for servers on this computer, now. No key is sent. */
  nearby: oc.input(z.object({})).output(answer({ servers: z.array(NearbyServer) })),
  /**
   * Models that an endpoint lists, with what is known of each. `added` takes the key of a model that was added instead of one that is
   * given. Refused with INVALID_INPUT (no address), MODEL_NOT_ADDED, and whatever keeps an endpoint from answering.
   */
  offered: oc
    .input(
      z.object({
        endpoint: z.string().min(1).max(80),
        address: Address.nullable(),
        key: Key.nullable(),
        added: z.string().max(200).nullable(),
      }),
    )
    .output(answer({ models: z.array(z.object({ model: z.string(), known: KnownOfModel })) })),
  /**
   * Adds a model under this id, behind the others; asks no endpoint. Refused with INVALID_INPUT (an address that is none),
   * MODEL_ADDED_ALREADY, ID_REUSED, KEYCHAIN_UNUSABLE, MODEL_KEY_MISSING (the endpoint needs one), FILE_GONE, FILE_UNREADABLE,
   * MODEL_FILE_NO_CHAT, DISK_FULL.
   */
  add: oc.input(z.object({ id: Id, model: ModelToAdd })).output(answer({ model: AddedModel })),
  /** Gives a model another key, or with null none. Refused with MODEL_NOT_ADDED, KEYCHAIN_UNUSABLE. */
  giveKey: oc.input(addedCommand.extend({ key: Key.nullable(), keep: KeyKeeper })).output(Changed),
  /** Takes it first from now on. Refused with MODEL_NOT_ADDED. */
  prefer: oc.input(addedCommand).output(Changed),
  /** Forgets the model and its key; a file stays where it is. One that is not there any more is no refusal. */
  remove: oc.input(addedCommand).output(Changed),
  /** Begins to examine it and answers at once; one that is being examined is left at it. Refused with MODEL_NOT_ADDED. */
  examine: oc.input(addedCommand).output(Changed),
  /** Ends an examination; what an earlier one found stays. Refused with MODEL_NOT_ADDED. */
  stopExam: oc.input(addedCommand).output(Changed),
};
