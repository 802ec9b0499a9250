import type { AddedModel } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { Check, Ellipsis, KeyRound, Minus } from 'lucide-react';
import { useState } from 'react';
import { useChatWays, useFormats, useText, useViewStore } from '../../client/index.ts';
import { Button, Chip, Icon, IconButton, Menu, type MenuItem } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { GiveKey } from './give-key.tsx';
import { RemoveModel } from './remove-model.tsx';
import { placeIcon, useWhere, wantsKey } from './words.ts';

export interface AddedRowProps {
  readonly model: AddedModel;
  readonly first: boolean;
}

/** A model that was added: where it is, how it stands, what it was measured to do, and what can be done about it. */
export function AddedRow({ model, first }: AddedRowProps) {
  const text = useText();
  const where = useWhere();
  const view = useViewStore();
  const ways = useChatWays();
  const [opened, setOpened] = useState<'key' | 'remove' | null>(null);
  const [refused, setRefused] = useState<Fault | null>(null);
  const { exam, key } = model;
  const test = () => view.openModels({ at: 'test', added: model.id });
  const begin = async () => {
    const answer = await ways.examine(model.id);
    if (answer.ok) test();
    else setRefused(answer.fault);
  };
  const prefer = async () => {
    const answer = await ways.prefer(model.id);
    setRefused(answer.ok ? null : answer.fault);
  };
  const named = { model: model.model };
  const shown = exam.running !== null || exam.result !== null ? 'result' : 'test';
  const act = shown === 'result' ? test : () => void begin();
  const fault = refused ?? exam.result?.fault ?? null;
  return (
    <li
      aria-label={model.model}
      className="flex min-w-0 items-start gap-3 border-t border-line px-4 py-3 first:border-t-0"
    >
      <span className="flex h-6 items-center">
        <Icon of={placeIcon(model)} size={18} className="text-ink-2" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex min-w-0 flex-wrap items-start gap-x-3 gap-y-1.5">
          <div className="min-w-56 flex-1">
            <h2 className="flex min-w-0 flex-wrap items-center gap-2">
              <bdi className="min-w-0 text-reading font-semibold break-words">{model.model}</bdi>
              <Standing model={model} first={first} />
            </h2>
            <p className="text-small break-words text-ink-2">
              <bdi>{where(model)}</bdi>
              {model.file === null && ` ${text('app.sign.dot')} ${text(`app.chat.key.${key}`)}`}
            </p>
          </div>
          {wantsKey(model) && (
            <Button small icon={KeyRound} onClick={() => setOpened('key')}>
              {text('app.chat.row.paste')}
            </Button>
          )}
          <Button small aria-label={text(`app.chat.row.${shown}Of`, named)} onClick={act}>
            {text(`app.chat.row.${shown}`)}
          </Button>
          <More {...{ model, first, prefer }} onBegin={() => void begin()} onOpen={setOpened} />
        </div>
        <Measured model={model} />
        {fault !== null && <FaultLine fault={fault} />}
      </div>
      {opened === 'key' && <GiveKey model={model} onClose={() => setOpened(null)} />}
      {opened === 'remove' && <RemoveModel model={model} onClose={() => setOpened(null)} />}
    </li>
  );
}

/** How it stands, in chips: amber nowhere but where a key is wanted. */
function Standing({ model, first }: AddedRowProps) {
  const text = useText();
  const { running, result } = model.exam;
  const word =
    running !== null
      ? 'testing'
      : result === null
        ? 'untested'
        : result.fault !== null && result.parts.length === 0
          ? 'faulty'
          : result.kinds.length === 0
            ? 'nothing'
            : null;
  return (
    <>
      {first && <Chip icon={Check}>{text('app.chat.chip.first')}</Chip>}
      {word !== null && <Chip outlined>{text(`app.chat.chip.${word}`)}</Chip>}
      {wantsKey(model) && (
        <Chip icon={KeyRound} className="bg-waiting-bg! text-waiting-fg!">
          {text('app.chat.chip.keyNeeded')}
        </Chip>
      )}
    </>
  );
}

/** The four parts with their figures, and how fast it answers; how far the test is that goes on. */
function Measured({ model: { exam } }: { readonly model: AddedModel }) {
  const text = useText();
  const { count } = useFormats();
  const { running, result } = exam;
  if (running !== null) {
    const { done, questions, part } = running;
    const at = Math.min(done + 1, questions);
    return (
      <p className="text-small text-ink-2 tabular-nums">
        {text('app.chat.row.progress', { at, questions, part: text(`exam.part.${part}`) })}
      </p>
    );
  }
  if (result === null || result.parts.length === 0) return null;
  const speed = result.tokensPerSecond;
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-0.5 text-small text-ink-2 tabular-nums">
      {result.parts.map(({ part, verdict, right, questions }) => (
        <span key={part} className="inline-flex items-center gap-1">
          <Icon of={verdict === 'passed' ? Check : Minus} size={14} className="text-ink-3" />
          {text(`app.chat.row.${verdict === 'not-possible' ? 'partNot' : 'part'}`, {
            ...{ right, questions },
            part: text(`exam.part.${part}`),
          })}
          <span className="sr-only">
            {text('app.sign.comma')}
            {text(`app.chat.test.verdict.${verdict}`, { right, questions })}
          </span>
        </span>
      ))}
      {speed !== null && (
        <span className="ms-auto text-ink-3">{text('app.chat.row.speed', { tokens: count(speed) })}</span>
      )}
    </p>
  );
}

interface MoreProps extends AddedRowProps {
  readonly prefer: () => Promise<void>;
  readonly onBegin: () => void;
  readonly onOpen: (what: 'key' | 'remove') => void;
}

/** What else can be done about it. */
function More({ model, first, prefer, onBegin, onOpen }: MoreProps) {
  const text = useText();
  const items: MenuItem[] = [
    {
      id: 'again',
      label: text(`app.chat.row.${model.exam.result === null ? 'test' : 'again'}`),
      onSelect: onBegin,
    },
    {
      id: 'prefer',
      label: text('app.chat.row.prefer'),
      disabled: first,
      ...(first && { detail: text('app.chat.row.isFirst') }),
      onSelect: () => void prefer(),
    },
    ...(model.file === null
      ? [{ id: 'key', label: text('app.chat.row.key'), onSelect: () => onOpen('key') }]
      : []),
    {
      id: 'remove',
      label: text('app.chat.row.remove'),
      danger: true,
      parted: true,
      onSelect: () => onOpen('remove'),
    },
  ];
  return (
    <Menu label={text('app.chat.row.more', { model: model.model })} items={items}>
      <IconButton icon={Ellipsis} small label={text('app.chat.row.more', { model: model.model })} />
    </Menu>
  );
}
