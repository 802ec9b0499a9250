import { z } from 'zod';

/** Text of a person, of the product or of a model. */
export const TextPart = z.object({ type: z.literal('text'), text: z.string() });
/** A picture, as the bytes of its file in base64. */
export const ImagePart = z.object({
  type: z.literal('image'),
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  base64: z.base64(),
});
/** What a model said to itself before it answered, where its provider tells. */
export const ReasoningPart = z.object({ type: z.literal('reasoning'), text: z.string() });
/** A tool that the model asks for. `input` is its text as it came: whether it is JSON and fits the tool is the host's to check. */
export const ToolCallPart = z.object({
  type: z.literal('tool-call'),
  call: z.string().min(1).max(200),
  tool: z.string().min(1).max(200),
  input: z.string(),
});
export type ToolCallPart = z.infer<typeof ToolCallPart>;
/** What a tool call led to, in words for the model. */
export const ToolResultPart = z.object({
  type: z.literal('tool-result'),
  call: z.string().min(1).max(200),
  text: z.string(),
});

/** What a model answered, in the order in which it came. */
export const AssistantMessage = z.object({
  role: z.literal('assistant'),
  parts: z.array(z.discriminatedUnion('type', [TextPart, ReasoningPart, ToolCallPart])),
});
export type AssistantMessage = z.infer<typeof AssistantMessage>;

/** One message of a conversation with a model. */
export const TurnMessage = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), parts: z.array(TextPart).min(1) }),
  z.object({
    role: z.literal('user'),
    parts: z.array(z.discriminatedUnion('type', [TextPart, ImagePart])).min(1),
  }),
  AssistantMessage,
  z.object({ role: z.literal('tool'), parts: z.array(ToolResultPart).min(1) }),
]);
export type TurnMessage = z.infer<typeof TurnMessage>;
