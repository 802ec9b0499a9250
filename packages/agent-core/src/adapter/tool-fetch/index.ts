import { lookup } from 'node:dns/promises';
import type { Tool } from '../../port/index.ts';
import { isPublicAddress } from './address.ts';
import { type FetchParts, fetchPage } from './fetch-page.ts';

/** The tools that reach out to the internet. `version` is the product's own. What else may be given is for tests on their own servers. */
export function createFetchTools({
  version,
  ...given
}: { readonly version: string } & Partial<Omit<FetchParts, 'agent'>>): readonly Tool[] {
  const resolve = async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address);
  return [
    fetchPage({
      ...{ mayReach: isPublicAddress, resolve, limitMs: 20_000, ...given },
      agent: `SomaAgent/${version}`,
    }),
  ];
}
