// What each endpoint wants to be sent and how its list of models is to be read, and where that was read. What an answer may look like
// stands in quirks.table.ts and is borne from every endpoint: gateways pass on the ways of what lies behind them.

/** How one endpoint wants to be spoken to, as data. */
export interface Endpoint {
  readonly id: string;
  /** As its maker writes it; empty for one that nobody knows by name. */
  readonly name: string;
  /** Where it is when nobody says otherwise; empty where that is nowhere in particular. */
  readonly address: string;
  /** It usually runs on the person's own computer. */
  readonly local: boolean;
  readonly key: 'needed' | 'optional';
  /** The field that bounds the tokens of an answer. */
  readonly outputTokens: 'max_completion_tokens' | 'max_tokens';
  /** How an entry of its list of models is read. Paths are names with dots between. */
  readonly listed: {
    /** Every model that it has stands in its list. */
    readonly whole: boolean;
    readonly context: readonly string[];
    readonly output: readonly string[];
    /** A list of names in which these stand exactly where the model can do it. */
    readonly supports: { readonly at: string; readonly tools: string; readonly schema: string } | null;
    readonly inputs: { readonly at: string; readonly vision: string } | null;
    /** Several who may answer, each with what it can: only what all of them can is said of the model. */
    readonly providers: {
      readonly at: string;
      readonly context: string;
      readonly tools: string;
      readonly schema: string;
    } | null;
  };
  /** Where each of these was read, and the day. */
  readonly sources: readonly { readonly of: string; readonly name: string; readonly read: string }[];
}

const READ = '2026-11-21';
const PLAIN = { context: [], output: [], supports: null, inputs: null, providers: null } as const;

export const ENDPOINTS: readonly Endpoint[] = [
  {
    id: 'openai',
    name: 'OpenAI',
    address: 'https://api.openai.com/v1',
    local: false,
    key: 'needed',
    outputTokens: 'max_completion_tokens',
    listed: { ...PLAIN, whole: true },
    sources: [
      {
        of: 'address, max_completion_tokens (max_tokens is deprecated), stream_options, response_format',
        name: 'npm openai 7.55.0: client.d.ts, resources/chat/completions/completions.d.ts',
        read: READ,
      },
    ],
  },
  {
    id: 'groq',
    name: 'Groq',
    address: 'https://api.groq.com/openai/v1',
    local: false,
    key: 'needed',
    outputTokens: 'max_completion_tokens',
    listed: { ...PLAIN, whole: true },
    sources: [
      {
        of: 'address; logprobs, logit_bias and messages[].name are refused, so none is sent',
        name: 'console.groq.com/docs/openai',
        read: READ,
      },
      {
        of: 'max_completion_tokens (max_tokens is deprecated)',
        name: 'npm groq-sdk 1.6.0: resources/chat/completions.d.ts',
        read: READ,
      },
    ],
  },
  {
    id: 'huggingface',
    name: 'Hugging Face',
    address: 'https://router.huggingface.co/v1',
    local: false,
    key: 'needed',
    outputTokens: 'max_tokens',
    listed: {
      ...PLAIN,
      whole: true,
      providers: {
        at: 'providers',
        context: 'context_length',
        tools: 'supports_tools',
        schema: 'supports_structured_output',
      },
    },
    sources: [
      {
        of: 'providers with context_length, supports_tools, supports_structured_output',
        name: 'huggingface/hub-docs#2469, docs/inference-providers/hub-api.md',
        read: READ,
      },
      {
        of: 'any provider may answer, so only what all of them can is said',
        name: 'openclaw/openclaw#129797',
        read: READ,
      },
    ],
  },
  {
    id: 'openrouter',
    name: 'OpenRouter',
    address: 'https://openrouter.ai/api/v1',
    local: false,
    key: 'needed',
    outputTokens: 'max_tokens',
    listed: {
      whole: true,
      context: ['context_length'],
      output: ['top_provider.max_completion_tokens'],
      supports: { at: 'supported_parameters', tools: 'tools', schema: 'structured_outputs' },
      inputs: { at: 'architecture.input_modalities', vision: 'image' },
      providers: null,
    },
    sources: [
      {
        of: 'context_length, top_provider, supported_parameters, architecture.input_modalities',
        name: 'openrouter.ai/docs/models',
        read: READ,
      },
    ],
  },
  {
    id: 'google',
    name: 'Google Gemini',
    address: 'https://generativelanguage.googleapis.com/v1beta/openai',
    local: false,
    key: 'needed',
    outputTokens: 'max_completion_tokens',
    // Its list writes `models/` before each name, which a request may leave out.
    listed: { ...PLAIN, whole: false },
    sources: [
      { of: 'address, key', name: 'ai.google.dev/gemini-api/docs/openai', read: '2026-11-22' },
      {
        of: 'max_completion_tokens, stream_options, response_format, names with and without models/',
        name: 'ai.google.dev/api/compatibility',
        read: '2026-11-22',
      },
    ],
  },
  {
    id: 'litellm',
    name: 'LiteLLM',
    address: 'http://127.0.0.1:4000/v1',
    local: true,
    key: 'optional',
    outputTokens: 'max_tokens',
    listed: { ...PLAIN, whole: false },
    sources: [{ of: 'port; a list may hold wildcards', name: 'docs.litellm.ai/docs/proxy', read: READ }],
  },
  {
    id: 'ollama',
    name: 'Ollama',
    address: 'http://127.0.0.1:11434/v1',
    local: true,
    key: 'optional',
    outputTokens: 'max_tokens',
    listed: { ...PLAIN, whole: true },
    sources: [
      {
        of: 'address, key ignored, max_tokens, stream_options.include_usage, response_format',
        name: 'docs.ollama.com/api/openai-compatibility',
        read: READ,
      },
    ],
  },
  {
    id: 'lmstudio',
    name: 'LM Studio',
    address: 'http://127.0.0.1:1234/v1',
    local: true,
    key: 'optional',
    outputTokens: 'max_tokens',
    listed: { ...PLAIN, whole: true },
    sources: [
      {
        of: 'address; json_schema is taken, json_object is not',
        name: 'lmstudio.ai/docs/advanced/structured-output',
        read: READ,
      },
    ],
  },
  {
    id: 'llamacpp',
    name: 'llama.cpp',
    address: 'http://127.0.0.1:8080/v1',
    local: true,
    key: 'optional',
    outputTokens: 'max_tokens',
    listed: { ...PLAIN, whole: false },
    sources: [
      {
        of: 'port; it answers whatever name is asked for; its list tells the context of the training, not the one in use',
        name: 'ggml-org/llama.cpp tools/server/README.md',
        read: READ,
      },
    ],
  },
  {
    id: 'vllm',
    name: 'vLLM',
    address: 'http://127.0.0.1:8000/v1',
    local: true,
    key: 'optional',
    outputTokens: 'max_tokens',
    listed: { ...PLAIN, whole: true, context: ['max_model_len'] },
    sources: [
      {
        of: 'port, key by --api-key',
        name: 'docs.vllm.ai/en/v0.15.0/serving/openai_compatible_server',
        read: READ,
      },
      {
        of: 'max_model_len',
        name: 'vllm-project/vllm vllm/entrypoints/openai/protocol.py ModelCard',
        read: READ,
      },
    ],
  },
  {
    id: 'jan',
    name: 'Jan',
    address: 'http://127.0.0.1:1337/v1',
    local: true,
    key: 'needed',
    outputTokens: 'max_tokens',
    listed: { ...PLAIN, whole: true },
    sources: [{ of: 'address, a key is required', name: 'jan.ai/docs/local-api', read: READ }],
  },
  {
    id: 'other',
    name: '',
    address: '',
    local: false,
    key: 'optional',
    outputTokens: 'max_tokens',
    listed: { ...PLAIN, whole: false },
    sources: [
      {
        of: 'the floor that all have in common',
        name: 'npm openai 7.55.0: resources/chat/completions/completions.d.ts',
        read: READ,
      },
    ],
  },
];

/** The endpoint of this id; what is not known by name is spoken to as all have in common. */
export function endpointOf(id: string): Endpoint {
  const found = ENDPOINTS.find((endpoint) => endpoint.id === id) ?? ENDPOINTS.at(-1);
  if (found === undefined) throw new Error('the table of endpoints is empty');
  return found;
}
