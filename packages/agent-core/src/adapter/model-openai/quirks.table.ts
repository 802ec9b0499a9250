// Ways in which real endpoints differ from the protocol's own description. Each is borne from every endpoint. Paths are names with dots
// between; texts that are looked for in messages are lower case.

/** Fields of a delta or message that hold reasoning; the first that is there counts. */
export const REASONING_FIELDS = ['reasoning_content', 'reasoning', 'thinking'] as const;

/** Where an answer or a chunk says what was used; the last that came counts. */
export const USAGE_PATHS = ['usage', 'x_groq.usage'] as const;

/** Names of the counts in a usage. */
export const USAGE_FIELDS = {
  input: ['prompt_tokens', 'input_tokens'],
  output: ['completion_tokens', 'output_tokens'],
  cached: ['prompt_tokens_details.cached_tokens', 'prompt_cache_hit_tokens'],
  reasoning: ['completion_tokens_details.reasoning_tokens'],
  dollars: ['cost'],
} as const;

/** Why a model stopped, by the words endpoints have for it. */
export const FINISHES: Readonly<Record<string, 'stop' | 'length' | 'tool-calls' | 'filtered'>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'filtered',
  refusal: 'filtered',
};

/** Who was seen to do what, and where that was read. */
export const QUIRKS = [
  {
    quirk: 'role-missing',
    seen: 'gateways; llama.cpp behind lemonade sends null',
    source: 'langwatch/langwatch#6196, lemonade-sdk/lemonade#350',
  },
  {
    quirk: 'tool-index-missing',
    seen: 'Ollama before 0.4.7, Gemini behind proxies',
    source: 'ollama/ollama#7881, openai/openai-python#3246',
  },
  { quirk: 'tool-index-reused', seen: 'Ollama 0.20: 0 for every call', source: 'ollama/ollama#15457' },
  { quirk: 'tool-id-in-every-delta', seen: 'vLLM', source: 'spring-projects/spring-ai#5973' },
  { quirk: 'tool-name-after-input', seen: 'SGLang', source: 'vercel/ai#15879' },
  {
    quirk: 'comments-while-waiting',
    seen: 'OpenRouter: ": OPENROUTER PROCESSING"',
    source: 'openrouter.ai/docs/api-reference/streaming',
  },
  {
    quirk: 'error-in-the-stream',
    seen: 'OpenRouter: status 200, then a chunk with an error',
    source: 'openrouter.ai/docs/api-reference/streaming',
  },
  {
    quirk: 'usage-in-x-groq',
    seen: 'Groq: the last chunk has x_groq.usage',
    source: 'npm groq-sdk 1.6.0: resources/chat/completions.d.ts, XGroq',
  },
  {
    quirk: 'error-in-x-groq',
    seen: 'Groq: x_groq.error says why a stream was stopped early',
    source: 'npm groq-sdk 1.6.0: resources/chat/completions.d.ts, XGroq',
  },
  {
    quirk: 'reasoning-by-other-names',
    seen: 'reasoning_content (llama.cpp, LM Studio, DeepSeek), reasoning (OpenRouter, Groq)',
    source: 'npm groq-sdk 1.6.0 (reasoning), MiniMax-AI/MiniMax-M2.5#2 (reasoning_content)',
  },
  {
    quirk: 'no-usage-unless-asked',
    seen: 'all: stream_options.include_usage is sent, and usage may still be missing',
    source: 'npm openai 7.55.0: resources/chat/completions/completions.d.ts',
  },
  {
    quirk: 'context-error-names',
    seen: 'llama.cpp: 400 with exceed_context_size_error; OpenAI: context_length_exceeded',
    source: 'ggml-org/llama.cpp tools/server, npm openai 7.55.0',
  },
  {
    quirk: 'limits-in-headers',
    seen: 'Groq: retry-after and x-ratelimit-remaining/reset on every answer',
    source: 'jeremylongshore/claude-code-plugins-plus-skills: groq-rate-limits',
  },
  {
    quirk: 'error-codes-in-a-number',
    seen: 'OpenRouter 402 when credit is used up; LiteLLM writes the status as text',
    source: 'openrouter.ai/docs/api-reference/streaming, docs.litellm.ai',
  },
  {
    quirk: 'wrong-key-as-400',
    seen: 'Gemini: 400 INVALID_ARGUMENT, "API key not valid"',
    source: 'continuedev/continue#10530',
  },
] as const;
