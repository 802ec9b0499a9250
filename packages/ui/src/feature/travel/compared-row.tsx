import { Equal, EqualNot } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../client/index.ts';
import { cx, Icon } from '../../design/index.ts';

/** The names of the two runs over their columns. */
export function Head({ one, other }: { readonly one: ReactNode; readonly other: ReactNode }) {
  const text = useText();
  return (
    <thead>
      <tr className="border-b border-line text-start">
        <th scope="col" className="w-40 py-2 text-start font-medium text-ink-3">
          {text('app.compare.what')}
        </th>
        <th scope="col" className="px-2 py-2 text-start">
          {one}
        </th>
        <th scope="col" className="px-2 py-2 text-start">
          {other}
        </th>
      </tr>
    </thead>
  );
}

export interface ComparedRowProps {
  readonly name: ReactNode;
  readonly one: ReactNode;
  readonly other: ReactNode;
  readonly differs: boolean;
}

/** One thing in both runs. What differs has a sign, a word for a screen reader, and weight; colour is not needed. */
export function ComparedRow({ name, one, other, differs }: ComparedRowProps) {
  const text = useText();
  const cell = cx('px-2 py-1.5 align-top break-words tabular-nums', differs ? 'font-medium' : 'text-ink-2');
  return (
    <tr className={cx('border-b border-line last:border-b-0', differs && 'bg-sunken')}>
      <th scope="row" className="py-1.5 pe-2 text-start align-top font-normal text-ink-2">
        <span className="flex items-center gap-1.5">
          <Icon
            of={differs ? EqualNot : Equal}
            size={14}
            label={text(differs ? 'app.compare.differs' : 'app.compare.same')}
            className={differs ? 'text-ink' : 'text-ink-off'}
          />
          {name}
        </span>
      </th>
      <td className={cell}>{one}</td>
      <td className={cell}>{other}</td>
    </tr>
  );
}
