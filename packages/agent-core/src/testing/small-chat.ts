import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesOf,
  type GgufTensor,
  ggufHead,
  type MetaValue,
  paddingAfter,
} from '../adapter/model-local/gguf.ts';
import type { ChatFile } from '../adapter/model-local/index.ts';
import { seeded } from './random.ts';

/** A chat model with random weights, small enough to be written by a test. What it says means nothing; that it says it is real. */
const SIZES = { h: 32, f: 64, layers: 1, heads: 4, context: 4096 };
const MARKS = ['<|im_start|>', '<|im_end|>'];
const TEMPLATE =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const NORMAL = 1;
const CONTROL = 3;

/** Every byte as the letter that byte-level vocabularies have for it. */
function byteLetters(): readonly string[] {
  const isShown = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isShown(byte) ? byte : next++));
}

/** Writes it into the folder. Asked without chance, it writes letters until it is stopped. */
export function writeSmallChat(folder: string, contextTokens = SIZES.context): ChatFile {
  const words = [...byteLetters(), ...MARKS];
  const tensors = tensorsOf(words.length);
  const { head } = ggufHead(metadataOf(words), tensors);
  const random = seeded(7);
  const parts: Buffer[] = [head];
  for (const tensor of tensors) {
    const [rows = 0, columns = 1] = tensor.shape;
    const values = Float32Array.from({ length: rows * columns }, (_, at) => {
      if (tensor.shape.length === 1) return 1;
      // Only letters are ever the likeliest next token.
      const row = Math.floor(at / columns);
      if (tensor.name === 'output.weight' && (row < 97 || row > 122)) return 0;
      return random.below(1_000_000) / 500_000 - 1;
    });
    parts.push(Buffer.from(values.buffer), Buffer.alloc(paddingAfter(bytesOf(tensor))));
  }
  const bytes = Buffer.concat(parts);
  const path = join(folder, 'small-chat.gguf');
  writeFileSync(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, sha256, model: 'small-chat', contextTokens };
}

function tensorsOf(words: number): readonly GgufTensor[] {
  const { h, f, layers } = SIZES;
  const tensor = (name: string, ...shape: number[]): GgufTensor => ({
    name: `${name}.weight`,
    type: 'f32',
    shape,
  });
  const layer = (at: number) => [
    tensor(`blk.${at}.attn_norm`, h),
    ...['q', 'k', 'v', 'output'].map((part) => tensor(`blk.${at}.attn_${part}`, h, h)),
    tensor(`blk.${at}.ffn_norm`, h),
    tensor(`blk.${at}.ffn_gate`, f, h),
    tensor(`blk.${at}.ffn_up`, f, h),
    tensor(`blk.${at}.ffn_down`, h, f),
  ];
  return [
    tensor('token_embd', words, h),
    ...Array.from({ length: layers }, (_, at) => layer(at)).flat(),
    tensor('output_norm', h),
    tensor('output', words, h),
  ];
}

function metadataOf(words: readonly string[]): ReadonlyMap<string, MetaValue> {
  const { h, f, layers, heads, context } = SIZES;
  const u32 = (value: number): MetaValue => ({ type: 'u32', value });
  const string = (value: string): MetaValue => ({ type: 'string', value });
  return new Map<string, MetaValue>([
    ['general.architecture', string('llama')],
    ['general.name', string('small-chat')],
    ['llama.block_count', u32(layers)],
    ['llama.context_length', u32(context)],
    ['llama.embedding_length', u32(h)],
    ['llama.feed_forward_length', u32(f)],
    ['llama.attention.head_count', u32(heads)],
    ['llama.attention.head_count_kv', u32(heads)],
    ['llama.rope.dimension_count', u32(h / heads)],
    ['llama.attention.layer_norm_rms_epsilon', { type: 'f32', value: 1e-5 }],
    ['llama.vocab_size', u32(words.length)],
    ['tokenizer.ggml.model', string('gpt2')],
    ['tokenizer.ggml.pre', string('default')],
    ['tokenizer.ggml.tokens', { type: 'strings', value: words }],
    [
      'tokenizer.ggml.token_type',
      { type: 'i32s', value: words.map((word) => (MARKS.includes(word) ? CONTROL : NORMAL)) },
    ],
    ['tokenizer.ggml.merges', { type: 'strings', value: ['a b'] }],
    ['tokenizer.ggml.bos_token_id', u32(words.indexOf('<|im_start|>'))],
    ['tokenizer.ggml.eos_token_id', u32(words.indexOf('<|im_end|>'))],
    ['tokenizer.chat_template', string(TEMPLATE)],
  ]);
}
