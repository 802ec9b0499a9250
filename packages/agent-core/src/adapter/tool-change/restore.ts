import { type Fault, FaultError } from '@soma/schemas/event';
import { resolveFolder } from '../tool-folder/index.ts';
import { applyChanges } from './apply.ts';

/** Writing texts back for a person who undoes what a run did, by the same rules as the change itself. */
export const fileRestorer = {
  restore: async (
    folder: string,
    { path, from, to }: { readonly path: string; readonly from: string | null; readonly to: string | null },
  ): Promise<Fault | null> => {
    try {
      await applyChanges(await resolveFolder(folder), [{ path, before: from, after: to }]);
      return null;
    } catch (error) {
      if (error instanceof FaultError) return error.fault;
      throw error;
    }
  },
};
