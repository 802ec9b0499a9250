import { History, MessageSquare } from 'lucide-react';
import { useClient, usePast, useText } from '../../client/index.ts';
import { Icon, IconButton } from '../../design/index.ts';

/** What is done with the whole run from the head of the inspector. */
export function RunButtons({ run }: { readonly run: string }) {
  return (
    <>
      <TalkButton run={run} />
      <TravelButton run={run} />
    </>
  );
}

/** Looks back at the run, and forward to now again. */
function TravelButton({ run }: { readonly run: string }) {
  const text = useText();
  const { travel } = useClient();
  const past = usePast(run) !== null;
  return (
    <IconButton
      small
      icon={History}
      pressed={past}
      label={text(past ? 'app.travel.now' : 'app.travel.enter')}
      onClick={() => (past ? travel.leave() : travel.enter(run))}
    />
  );
}

/** Opens the talk with the run, in the place of the inspector. */
function TalkButton({ run }: { readonly run: string }) {
  const text = useText();
  const { view } = useClient();
  return (
    <IconButton
      small
      icon={MessageSquare}
      label={text('app.conversation.open')}
      onClick={() => view.openConversation(run)}
    />
  );
}

/** Says that nothing below is as it is now. */
export function AsItWas({ sequence }: { readonly sequence: number }) {
  const text = useText();
  return (
    <p className="flex flex-none items-center gap-2 border-y border-accent-line bg-accent-bg px-4 py-1.5 text-small font-medium">
      <Icon of={History} size={14} />
      {text('app.travel.asItWas', { sequence })}
    </p>
  );
}
