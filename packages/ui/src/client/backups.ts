import { type BackupsView, ProvenBackup } from '@soma/schemas/contract';
import { type Fault, FaultError } from '@soma/schemas/event';
import { useMutation, useMutationState } from '@tanstack/react-query';
import { mintId } from './commands.ts';
import { useClient } from './context.tsx';
import { ask } from './link.ts';
import { type Asked, useQuestion } from './question.ts';

/** How often a backup under way is asked about, in milliseconds. */
const LOOK_MS = 500;
const MAKING = ['backup'] as const;

/** The backups in a folder; null is the one beside the data folder. With `live` asked about again and again. */
export function useBackups(folder: string | null, live: boolean): Asked<BackupsView> {
  return useQuestion({
    key: ['backups', folder],
    every: live ? LOOK_MS : null,
    make: (calls) => calls.data.list({ folder }),
    take: ({ backups }) => backups,
  });
}

/** Making a backup, and what came of the last one this window asked for; it goes on when nobody looks. */
interface BackUp {
  readonly start: (folder: string | null) => void;
  readonly busy: boolean;
  readonly made: ProvenBackup | null;
  readonly refused: Fault | null;
}

export function useBackUp(): BackUp {
  const { link, queries } = useClient();
  const { mutate } = useMutation<ProvenBackup, Error, string | null>({
    mutationKey: MAKING,
    networkMode: 'always',
    gcTime: Number.POSITIVE_INFINITY,
    mutationFn: async (folder) => {
      const listed = await ask(link, (calls) => calls.data.list({ folder }));
      if (!listed.ok) throw thrown(listed.fault);
      const wish = { id: mintId(), path: listed.backups.next };
      const answer = await ask(link, (calls) => calls.data.backup(wish));
      if (!answer.ok) throw thrown(answer.fault);
      return answer.backup;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['backups'] }),
  });
  const last = useMutationState<Omit<BackUp, 'start'>>({
    filters: { mutationKey: MAKING },
    select: ({ state: { status, data, error } }) => ({
      busy: status === 'pending',
      made: ProvenBackup.safeParse(data).data ?? null,
      refused: error instanceof FaultError ? error.fault : null,
    }),
  }).at(-1);
  return { start: mutate, busy: false, made: null, refused: null, ...last };
}

function thrown({ code, data, retry }: Fault): FaultError {
  return new FaultError(code, data, retry);
}
