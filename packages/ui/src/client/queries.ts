import type { FileView, FolderView, ListedPlan, PlanMatch, Rechecked } from '@soma/schemas/contract';
import { type Artifact, type Content, FaultError } from '@soma/schemas/event';
import type { RunSummary } from '@soma/schemas/run';
import { useQueries } from '@tanstack/react-query';
import { useClient } from './context.tsx';
import { useModels, useRun } from './hooks.ts';
import { ask } from './link.ts';
import { type Asked, useQuestion } from './question.ts';

/** A look into a folder: how many files and which languages. */
export function useFolderView(folder: string | null): Asked<FolderView> {
  return useQuestion({
    key: ['folder', folder],
    enabled: folder !== null,
    fresh: 30_000,
    make: (calls) => calls.folder.describe({ folder: folder ?? '' }),
    take: ({ view }) => view,
  });
}

/** One text file of a folder, as it is now. */
export function useFile(folder: string | null, path: string | null): Asked<FileView> {
  return useQuestion({
    key: ['file', folder, path],
    enabled: folder !== null && path !== null,
    fresh: 2000,
    make: (calls) => calls.folder.readFile({ folder: folder ?? '', path: path ?? '' }),
    take: ({ file }) => file,
  });
}

/** The plans that fit what is typed, best first; all there are while nothing is typed. */
export function usePlanMatches(text: string, folder: string | null): Asked<readonly PlanMatch[]> {
  // A model that came or went matches otherwise.
  const meaning = useModels().some(({ state }) => state === 'ready');
  return useQuestion({
    key: ['match', text, folder, meaning],
    fresh: 5000,
    keep: true,
    // The host reads its plans at the first question: the first screen is not to wait for that.
    make: async (calls) => {
      await painted();
      return calls.goal.match({ text, folder });
    },
    take: ({ plans }) => plans,
  });
}

/** Every plan there is, and what keeps one from being used. A person may edit their own with any editor: it is asked for anew each time. */
export function usePlans(enabled: boolean): Asked<readonly ListedPlan[]> {
  return useQuestion({
    key: ['plans'],
    enabled,
    keep: true,
    make: (calls) => calls.plan.list({}),
    take: ({ plans }) => plans,
  });
}

/** Every claim of a run checked against the files as they are now; asked for only by `again`. */
export function useRecheck(run: string): Asked<readonly Rechecked[]> {
  return useQuestion({
    key: ['recheck', run],
    enabled: false,
    make: (calls) => calls.run.recheck({ run }),
    take: ({ claims }) => claims,
  });
}

/**
 * An artifact, once the run says that it is published: its card is on the board a moment earlier. `content` is the hash of what is
 * shown, so a newer one is asked for again.
 */
export function useArtifact(run: string, artifact: string, content: string): Asked<Artifact> {
  const published = useRun(run, ({ artifacts }) => artifacts.some(({ id }) => id === artifact)) ?? false;
  return useQuestion({
    key: ['artifact', run, artifact, content],
    enabled: published,
    fresh: Number.POSITIVE_INFINITY,
    make: (calls) => calls.run.artifact({ run, artifact }),
    take: (answer) => answer.artifact,
  });
}

/** The text of a stored content, at once when it travelled along. */
export function useContent(content: Content | null): Asked<string> {
  const inline = content?.inline ?? null;
  const asked = useQuestion({
    key: ['content', content?.hash],
    enabled: content !== null && inline === null,
    fresh: Number.POSITIVE_INFINITY,
    make: (calls) => calls.content.get({ content: content ?? { hash: '', size: 0, mediaType: '' } }),
    take: ({ text }) => text,
  });
  return inline === null ? asked : { ...asked, value: inline, fault: null, loading: false };
}

/** Several stored contents at once, each on its own: one that is gone leaves the others. In their order; null is none. */
export function useEachContent(
  contents: readonly (Content | null)[],
): readonly Omit<Asked<string>, 'again'>[] {
  const { link } = useClient();
  const stored = new Map(
    contents.flatMap((each) => (each === null || each.inline !== undefined ? [] : [[each.hash, each]])),
  );
  const asked = useQueries({
    queries: [...stored.values()].map((content) => ({
      queryKey: ['content', content.hash],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: async (): Promise<string> => {
        const answer = await ask(link, (calls) => calls.content.get({ content }));
        if (answer.ok) return answer.text;
        throw new FaultError(answer.fault.code, answer.fault.data, answer.fault.retry);
      },
    })),
  });
  const places = [...stored.keys()];
  return contents.map((content) => {
    const query = asked[places.indexOf(content?.hash ?? '')];
    const fault = query?.error instanceof FaultError ? query.error.fault : null;
    return { value: content?.inline ?? query?.data ?? null, fault, loading: query?.isFetching ?? false };
  });
}

/** The texts of several stored contents, in their order. */
export function useContents(contents: readonly Content[]): Asked<readonly string[]> {
  return useQuestion({
    key: ['contents', ...contents.map(({ hash }) => hash)],
    enabled: contents.length > 0,
    fresh: Number.POSITIVE_INFINITY,
    make: async (calls) => {
      const texts: string[] = [];
      for (const content of contents) {
        const answer =
          content.inline === undefined
            ? await calls.content.get({ content })
            : ({ ok: true, text: content.inline } as const);
        if (!answer.ok) return answer;
        texts.push(answer.text);
      }
      return { ok: true as const, texts };
    },
    take: ({ texts }) => texts,
  });
}

/** One page of all runs, newest first. `cursor` is null for the first and from the page before for the next. */
export function useRunPage(
  cursor: string | null,
  limit: number,
): Asked<{ readonly runs: readonly RunSummary[]; readonly cursor: string | null }> {
  return useQuestion({
    key: ['runs', cursor, limit],
    keep: true,
    make: (calls) => calls.run.page({ cursor, limit }),
    take: ({ runs, cursor: next }) => ({ runs, cursor: next }),
  });
}

/** What a page that is not on show waits for its first picture, in milliseconds. */
const UNSEEN_MS = 300;

/** Resolves once the page has shown something; soon in any case. */
async function painted(): Promise<void> {
  if (performance.getEntriesByName('first-contentful-paint').length > 0) return;
  await new Promise<void>((resolve) => {
    setTimeout(resolve, UNSEEN_MS);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}
