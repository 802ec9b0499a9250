import { z } from 'zod';
import type { GgufTensor, MetaValue } from './gguf.ts';
import { refuse } from './refuse.ts';
import type { Tensor } from './safetensors.ts';

/** Sizes beyond which nothing that is known here goes: no file makes this process take more than a few hundred megabytes. */
const Config = z.object({
  architectures: z.tuple([z.literal('BertModel')]),
  hidden_act: z.literal('gelu'),
  position_embedding_type: z.literal('absolute'),
  hidden_size: z.number().int().min(1).max(1024),
  intermediate_size: z.number().int().min(1).max(4096),
  max_position_embeddings: z.number().int().min(8).max(2048),
  num_attention_heads: z.number().int().min(1).max(32),
  num_hidden_layers: z.number().int().min(1).max(24),
  type_vocab_size: z.number().int().min(1).max(16),
  vocab_size: z.number().int().min(5).max(100_000),
  layer_norm_eps: z.number().min(0).max(1),
});
/** The network's sizes, by the names of its own config.json. */
export type BertConfig = z.infer<typeof Config>;

const Pooling = z.object({
  pooling_mode_mean_tokens: z.literal(true),
  pooling_mode_cls_token: z.literal(false),
  pooling_mode_max_tokens: z.literal(false),
  pooling_mode_mean_sqrt_len_tokens: z.literal(false),
});
const Tokenizer = z.object({ do_lower_case: z.literal(true), tokenizer_class: z.literal('BertTokenizer') });

/** The marks of a WordPiece vocabulary, by the key GGUF has for each. */
const MARKS = [
  ['unknown_token_id', '[UNK]'],
  ['seperator_token_id', '[SEP]'],
  ['padding_token_id', '[PAD]'],
  ['cls_token_id', '[CLS]'],
  ['mask_token_id', '[MASK]'],
] as const;
const NORMAL = 1;
const CONTROL = 3;
/** What begins a word in GGUF's vocabularies. */
const WORD = '\u2581';
const MEAN = 1;
const MOSTLY_F16 = 1;

/** The JSON files of a sentence model that say how it is to be used. */
export interface Settings {
  readonly config: Buffer;
  readonly pooling: Buffer;
  readonly tokenizer: Buffer;
}

/** The network's sizes. Refuses a network, pooling or tokenizer of another kind than is converted here. */
export function readSettings({ config, pooling, tokenizer }: Settings): BertConfig {
  checked(Pooling, pooling, 'pooling');
  checked(Tokenizer, tokenizer, 'tokenizer');
  const found = checked(Config, config, 'network');
  if (found.hidden_size % found.num_attention_heads !== 0) throw refuse('config', 'num_attention_heads');
  return found;
}

function checked<Shape>(shape: z.ZodType<Shape>, json: Buffer, what: string): Shape {
  let value: unknown;
  try {
    value = JSON.parse(json.toString('utf8'));
  } catch {
    throw refuse('config', what);
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  throw refuse('config', read.error.issues[0]?.path.join('.') || what);
}

/** The words of a `vocab.txt`, one a line, in the order of their numbers. */
export function readVocabulary(file: Buffer, { vocab_size }: BertConfig): readonly string[] {
  const words = file.toString('utf8').split('\n');
  if (words.at(-1) === '') words.pop();
  if (words.length !== vocab_size || words.some((word) => word === '')) throw refuse('vocabulary');
  if (MARKS.some(([, mark]) => !words.includes(mark))) throw refuse('vocabulary');
  return words;
}

/** What a GGUF file of this network says before its weights. */
export function bertMetadata(
  config: BertConfig,
  words: readonly string[],
  { model, licence }: { readonly model: string; readonly licence: string },
): ReadonlyMap<string, MetaValue> {
  const u32 = (value: number): MetaValue => ({ type: 'u32', value });
  const string = (value: string): MetaValue => ({ type: 'string', value });
  const marks = new Set<string>(MARKS.map(([, mark]) => mark));
  return new Map<string, MetaValue>([
    ['general.architecture', string('bert')],
    ['general.type', string('model')],
    ['general.name', string(model)],
    ['general.license', string(licence.toLowerCase())],
    ['general.file_type', u32(MOSTLY_F16)],
    ['bert.block_count', u32(config.num_hidden_layers)],
    ['bert.context_length', u32(config.max_position_embeddings)],
    ['bert.embedding_length', u32(config.hidden_size)],
    ['bert.feed_forward_length', u32(config.intermediate_size)],
    ['bert.attention.head_count', u32(config.num_attention_heads)],
    ['bert.attention.layer_norm_epsilon', { type: 'f32', value: config.layer_norm_eps }],
    ['bert.attention.causal', { type: 'bool', value: false }],
    ['bert.pooling_type', u32(MEAN)],
    ['tokenizer.ggml.model', string('bert')],
    ['tokenizer.ggml.pre', string('default')],
    ['tokenizer.ggml.token_type_count', u32(config.type_vocab_size)],
    ['tokenizer.ggml.tokens', { type: 'strings', value: words.map((word) => phantom(word, marks)) }],
    [
      'tokenizer.ggml.token_type',
      { type: 'i32s', value: words.map((word) => (marks.has(word) ? CONTROL : NORMAL)) },
    ],
    ...MARKS.map(([key, mark]) => [`tokenizer.ggml.${key}`, u32(words.indexOf(mark))] as const),
  ]);
}

/** GGUF marks what begins a word, WordPiece what goes on in one. */
function phantom(word: string, marks: ReadonlySet<string>): string {
  if (marks.has(word)) return word;
  return word.startsWith('##') ? word.slice(2) : `${WORD}${word}`;
}

/** What the weights of each layer are called, here and there, and their shapes in terms of the sizes h (hidden) and f (inner). */
const LAYER: readonly (readonly [string, string, readonly ('h' | 'f')[]])[] = [
  ['attention.self.query.weight', 'attn_q.weight', ['h', 'h']],
  ['attention.self.query.bias', 'attn_q.bias', ['h']],
  ['attention.self.key.weight', 'attn_k.weight', ['h', 'h']],
  ['attention.self.key.bias', 'attn_k.bias', ['h']],
  ['attention.self.value.weight', 'attn_v.weight', ['h', 'h']],
  ['attention.self.value.bias', 'attn_v.bias', ['h']],
  ['attention.output.dense.weight', 'attn_output.weight', ['h', 'h']],
  ['attention.output.dense.bias', 'attn_output.bias', ['h']],
  ['attention.output.LayerNorm.weight', 'attn_output_norm.weight', ['h']],
  ['attention.output.LayerNorm.bias', 'attn_output_norm.bias', ['h']],
  ['intermediate.dense.weight', 'ffn_up.weight', ['f', 'h']],
  ['intermediate.dense.bias', 'ffn_up.bias', ['f']],
  ['output.dense.weight', 'ffn_down.weight', ['h', 'f']],
  ['output.dense.bias', 'ffn_down.bias', ['h']],
  ['output.LayerNorm.weight', 'layer_output_norm.weight', ['h']],
  ['output.LayerNorm.bias', 'layer_output_norm.bias', ['h']],
];
/** Weights of the training that give no vectors. */
const LEFT_OUT = /^(embeddings\.position_ids|pooler\..+)$/;

/**
 * What becomes of each weight of the file, in its order; null for those that are left out. Refuses a file in which one is missing,
 * unknown, or of another shape than the network's sizes say.
 */
export function bertTensors(config: BertConfig, found: readonly Tensor[]): readonly (GgufTensor | null)[] {
  const wanted = wantedTensors(config);
  const made = found.map(({ name, type, shape }) => {
    if (LEFT_OUT.test(name)) return null;
    const want = wanted.get(name);
    const same = want !== undefined && want.shape.join() === shape.join() && type === 'F32';
    if (!same || !wanted.delete(name)) throw refuse('tensor', name);
    return want;
  });
  const [missing] = wanted.keys();
  if (missing !== undefined) throw refuse('tensor', missing);
  return made;
}

function wantedTensors(config: BertConfig): Map<string, GgufTensor> {
  const { hidden_size: h, intermediate_size: f } = config;
  // Matrices are halved; what is added to or scales a whole vector stays as exact as it was.
  const single = (name: string, shape: readonly number[]): GgufTensor => ({ name, type: 'f32', shape });
  const wanted = new Map<string, GgufTensor>([
    [
      'embeddings.word_embeddings.weight',
      { name: 'token_embd.weight', type: 'f16', shape: [config.vocab_size, h] },
    ],
    [
      'embeddings.position_embeddings.weight',
      single('position_embd.weight', [config.max_position_embeddings, h]),
    ],
    ['embeddings.token_type_embeddings.weight', single('token_types.weight', [config.type_vocab_size, h])],
    ['embeddings.LayerNorm.weight', single('token_embd_norm.weight', [h])],
    ['embeddings.LayerNorm.bias', single('token_embd_norm.bias', [h])],
  ]);
  for (let layer = 0; layer < config.num_hidden_layers; layer += 1) {
    for (const [theirs, ours, sizes] of LAYER) {
      const shape = sizes.map((size) => (size === 'h' ? h : f));
      const type = shape.length === 2 ? 'f16' : 'f32';
      wanted.set(`encoder.layer.${layer}.${theirs}`, { name: `blk.${layer}.${ours}`, type, shape });
    }
  }
  return wanted;
}
