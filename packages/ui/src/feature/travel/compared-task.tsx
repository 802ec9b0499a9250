import type { CheckedClaim } from '@soma/schemas/event';
import { useContent, useText } from '../../client/index.ts';
import { StateChip } from '../../design/index.ts';
import { RecalledNote } from '../inspector/recalled.tsx';
import { statusLook } from '../run/look.ts';
import type { ComparedTask, Side } from './compare.ts';
import { ComparedRow, Head } from './compared-row.tsx';

/** Claims listed of one side. */
const LISTED = 12;

/** A task in both runs: how it stands, with which arguments, to what result, and the claims and cards that only one has. */
export function ComparedTaskRows({ compared }: { readonly compared: ComparedTask }) {
  const text = useText();
  const { title, one, other, differs } = compared;
  const differing = (name: (typeof differs)[number]) => differs.includes(name);
  const cards = (side: Side | null) => side?.cards.join(text('app.sign.comma')) || text('app.compare.none');
  return (
    <table className="w-full table-fixed border-collapse text-small">
      <caption className="pb-1 text-start font-medium">{title}</caption>
      <Head one={text('app.compare.one')} other={text('app.compare.other')} />
      <tbody>
        <ComparedRow
          name={text('app.compare.task.status')}
          one={<Status side={one} />}
          other={<Status side={other} />}
          differs={differing('status')}
        />
        {differing('arguments') && (
          <ComparedRow
            name={text('app.compare.task.arguments')}
            one={<Arguments side={one} />}
            other={<Arguments side={other} />}
            differs
          />
        )}
        <ComparedRow
          name={text('app.compare.task.note')}
          one={<Result side={one} />}
          other={<Result side={other} />}
          differs={differing('note')}
        />
        {differing('claims') && (
          <ComparedRow
            name={text('app.compare.task.claims')}
            one={<Claims claims={one?.ownClaims ?? []} />}
            other={<Claims claims={other?.ownClaims ?? []} />}
            differs
          />
        )}
        {(one?.cards.length ?? 0) + (other?.cards.length ?? 0) > 0 && (
          <ComparedRow
            name={text('app.compare.task.cards')}
            one={cards(one)}
            other={cards(other)}
            differs={differing('cards')}
          />
        )}
      </tbody>
    </table>
  );
}

function Status({ side }: { readonly side: Side | null }) {
  const text = useText();
  if (side === null) return text('app.compare.noTask');
  const { status } = side.task;
  const look = statusLook(status);
  const word =
    status.name === 'skipped'
      ? 'app.state.skipped'
      : status.name === 'unneeded'
        ? 'app.task.unneeded'
        : `app.state.${look}`;
  return <StateChip state={look}>{text(word)}</StateChip>;
}

function Arguments({ side }: { readonly side: Side | null }) {
  const text = useText();
  const { value } = useContent(side?.arguments ?? null);
  return (
    <>
      <code className="break-words">{value ?? text('app.compare.none')}</code>
      {side?.task.edited != null && (
        <span className="block font-normal text-ink-3">{text('app.task.edited')}</span>
      )}
    </>
  );
}

function Result({ side }: { readonly side: Side | null }) {
  const text = useText();
  return side?.note == null ? text('app.compare.none') : <RecalledNote note={side.note} still />;
}

function Claims({ claims }: { readonly claims: readonly CheckedClaim[] }) {
  const text = useText();
  if (claims.length === 0) return text('app.compare.noOwn');
  return (
    <ul className="flex flex-col gap-1 font-normal">
      {claims.slice(0, LISTED).map(({ claim, verdict }) => (
        <li key={claim.id}>
          {text(verdict.checked ? 'app.compare.holds' : 'app.compare.fails', { claim: claim.text })}{' '}
          <code className="text-meta text-ink-3">
            {claim.citation.path}:{claim.citation.line}
          </code>
        </li>
      ))}
      {claims.length > LISTED && <li>{text('app.compare.more', { count: claims.length - LISTED })}</li>}
    </ul>
  );
}
