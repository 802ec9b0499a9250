// What endpoints say that went wrong, and when to ask again, in all the ways that were seen. Texts that are looked for in messages are
// lower case.

/** What an error is, by its code or type, or else by words of its message. */
export const ERRORS = [
  {
    is: 'context',
    codes: [
      'context_length_exceeded',
      'exceed_context_size_error',
      'string_above_max_length',
      'request_too_large',
    ],
    words: [
      'maximum context length',
      'context length',
      'context window',
      'context size',
      'prompt is too long',
      'too many tokens',
      'reduce the length',
    ],
  },
  {
    is: 'credit',
    codes: [
      'insufficient_quota',
      'billing_hard_limit_reached',
      'insufficient_credits',
      'payment_required',
      'billing_error',
    ],
    words: [
      'insufficient credits',
      'credit balance is too low',
      'exceeded your current quota',
      'monthly included credits',
      'budget has been exceeded',
    ],
  },
  {
    is: 'key',
    codes: [
      'invalid_api_key',
      'authentication_error',
      'invalid_authentication',
      'permission_denied',
      'permission_error',
    ],
    words: [
      'invalid api key',
      'incorrect api key',
      'api key not valid',
      'no auth credentials',
      'invalid username or password',
    ],
  },
  {
    is: 'model',
    codes: ['model_not_found', 'model_not_available', 'model_decommissioned'],
    words: ['model not found', 'not a valid model', 'no such model', 'model_not_supported', 'unknown model'],
  },
  {
    is: 'busy',
    codes: [
      'rate_limit_exceeded',
      'rate_limit_error',
      'overloaded_error',
      'engine_overloaded',
      'throttling_error',
    ],
    words: ['rate limit', 'overloaded', 'too many requests', 'loading model', 'is currently loading'],
  },
] as const;

/** Headers that say when to ask again, the best first. */
export const ADVICE = [
  { header: 'retry-after-ms', as: 'milliseconds' },
  { header: 'retry-after', as: 'seconds-or-date' },
] as const;

/** Pairs of headers: when the first says that nothing remains, the second says when something will. */
export const REMAINING = [
  ['x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'],
  ['x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
] as const;
