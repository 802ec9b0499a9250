/**
 * Anthropic among the endpoints that a person may choose. Its address, its way to send keys and its version of the API were read in the package
 * @anthropic-ai/sdk 1.12.0 (client.mjs) on 2026-11-22.
 */
export const ANTHROPIC = {
  id: 'anthropic',
  name: 'Anthropic',
  address: 'https://api.anthropic.com',
  local: false,
  key: 'needed',
} as const;
