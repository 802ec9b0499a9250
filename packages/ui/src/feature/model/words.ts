import type { AddedModel } from '@soma/schemas/contract';
import { NEEDED_PARTS, TurnKind } from '@soma/schemas/turn';
import { Cloud, FileCode, HardDrive, type LucideIcon, Server } from 'lucide-react';
import { useCallback } from 'react';
import { type Text, useFormats, useText } from '../../client/index.ts';

/** Where a model is: in a file, on this computer, or elsewhere. */
export function placeIcon(model: AddedModel): LucideIcon {
  if (model.file !== null) return FileCode;
  return ICONS[reachOf(model)];
}

const ICONS = { here: HardDrive, through: Server, elsewhere: Cloud } as const;

/** Whether what it is asked stays here, goes through a server here that may send it on, or leaves this computer. */
export function reachOf({ local, address }: Pick<AddedModel, 'local' | 'address'>): keyof typeof ICONS {
  if (local) return 'here';
  return isHere(address ?? '') ? 'through' : 'elsewhere';
}

/** Says where a model is asked. */
export function useWhere(): (model: AddedModel) => string {
  const text = useText();
  const { size } = useFormats();
  return useCallback(
    (model) => {
      const { file, endpointName, address } = model;
      if (file !== null) return text('app.chat.where.file', { size: size(file.bytes) });
      const server = endpointName === '' ? 'none' : endpointName;
      return text(`app.chat.where.${reachOf(model)}`, { server, address: address ?? '' });
    },
    [text, size],
  );
}

/** Whether it can be asked only once a person has given it a key. */
export function wantsKey({ key, exam }: AddedModel): boolean {
  const code = exam.result?.fault?.code;
  return key === 'gone' || code === 'MODEL_KEY_REFUSED' || code === 'MODEL_KEY_MISSING';
}

/** Why a model is not given a kind of turn; null where it is. */
export function whyNot(text: Text, kind: TurnKind, { exam: { result } }: AddedModel): string | null {
  if (result === null) return text('app.chat.test.whyUntested');
  if (result.kinds.includes(kind)) return null;
  if (result.fault !== null && result.parts.length === 0) return text('app.chat.test.whyFault');
  const passed = result.parts.flatMap(({ part, verdict }) => (verdict === 'passed' ? [part] : []));
  const lacking = NEEDED_PARTS[kind].filter((part) => !passed.includes(part));
  const parts = lacking.map((part) => text(`exam.part.${part}`)).join(text('app.sign.comma'));
  return text('app.chat.test.why', { parts });
}

/** Every kind of turn, in the order in which they are shown. */
export const KINDS = TurnKind.options;

/** Whether an address lies on this computer. */
export function isHere(address: string): boolean {
  if (!URL.canParse(address)) return false;
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname);
}
