import { ChevronDown } from 'lucide-react';
import { useText } from '../../client/index.ts';
import { Checkbox, Icon, Menu } from '../../design/index.ts';
import type { groupsOf } from './inbox.ts';
import type { Marks } from './marks.ts';

export interface MarkBarProps {
  readonly marks: Marks;
  readonly groups: ReturnType<typeof groupsOf>;
}

/** Marks all that waits, or what belongs together with the question in focus. */
export function MarkBar({ marks, groups }: MarkBarProps) {
  const text = useText();
  const { marked, only } = marks;
  const every = marked.length === groups.all.length;
  return (
    <div className="flex flex-none items-center justify-between gap-2 border-b border-line py-1 ps-3.5 pe-2 text-small text-ink-2">
      <Checkbox
        checked={every ? true : marked.length > 0 ? 'indeterminate' : false}
        onCheckedChange={() => only(every ? [] : groups.all)}
      >
        {marked.length === 0
          ? text('app.approval.mark.all', { count: groups.all.length })
          : text('app.approval.mark.some', { count: marked.length, of: groups.all.length })}
      </Checkbox>
      <Menu
        label={text('app.approval.mark.menu')}
        items={(['run', 'tool'] as const).map((id) => ({
          id,
          label: text(`app.approval.mark.${id}`),
          detail: String(groups[id].length),
          disabled: groups[id].length === 0,
          onSelect: () => only(groups[id]),
        }))}
      >
        <button
          type="button"
          className="inline-flex min-h-6.5 items-center gap-1 rounded-control px-[7px] transition-colors hover:bg-hover hover:text-ink"
        >
          {text('app.approval.mark.more')}
          <Icon of={ChevronDown} size={12} className="text-ink-3" />
        </button>
      </Menu>
    </div>
  );
}
