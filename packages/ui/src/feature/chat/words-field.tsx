import type { Fault } from '@soma/schemas/event';
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useText } from '../../client/index.ts';
import { Button, IconButton } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';

export interface WordsFieldProps {
  /** What stands in it at first. */
  readonly first?: string;
  readonly label: string;
  readonly placeholder?: string;
  /** The name of what sends it. */
  readonly send: string;
  /** Answers whether it was recorded: then the field is empty again. */
  readonly onSend: (words: string) => Promise<boolean>;
  /** Puts it away; there where something is said otherwise. */
  readonly onCancel?: () => void;
  readonly sending: boolean;
  readonly refused: Fault | null;
}

/** Where something is said: Enter sends it, Shift Enter begins a new line. What was refused stays written. */
export function WordsField(props: WordsFieldProps) {
  const { first = '', label, placeholder, send, onSend, onCancel, sending, refused } = props;
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const [words, setWords] = useState(first);
  useEffect(() => {
    const area = field.current;
    area?.focus({ preventScroll: true });
    area?.setSelectionRange(area.value.length, area.value.length);
  }, []);
  const onEnter = async () => {
    if (sending || words.trim() === '') return;
    if (await onSend(words)) setWords('');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape' && onCancel !== undefined) {
      event.stopPropagation();
      onCancel();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void onEnter();
  };
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-end gap-1 rounded-control border border-line-ctl bg-card py-1 ps-2.5 pe-1 has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={label}
          placeholder={placeholder}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-40 min-h-6 min-w-0 flex-1 resize-none bg-transparent py-0.5 text-body caret-ink outline-none"
        />
        <IconButton
          small
          icon={SendHorizontal}
          label={send}
          keys={['Enter']}
          disabled={sending || words.trim() === ''}
          onClick={() => void onEnter()}
        />
      </div>
      {onCancel !== undefined && (
        <Button small kind="quiet" onClick={onCancel} className="self-end">
          {text('app.conversation.cancel')}
        </Button>
      )}
      {refused !== null && <FaultLine fault={refused} />}
    </div>
  );
}
