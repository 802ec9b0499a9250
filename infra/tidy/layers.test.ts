import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');
const agent = 'packages/agent-core/src';

/** Each arrow as from, to, and the rule that forbids it; undefined where the house allows it. */
const arrows: readonly (readonly [string, string, string | undefined])[] = [
  ['schemas/src/event/leaf.ts', `${agent}/port/a.ts`, 'schemas-is-the-leaf'],
  ['packages/ui/src/meets.ts', `${agent}/port/a.ts`, 'ui-sees-schemas-only'],
  ['packages/ui/src/reads.ts', 'schemas/src/run/a.ts', undefined],
  [`${agent}/host/meets.ts`, 'packages/ui/src/reads.ts', 'agent-core-sees-schemas-only'],
  [`${agent}/domain/up.ts`, `${agent}/engine/a.ts`, 'agent-core-domain'],
  [`${agent}/port/up.ts`, `${agent}/policy/a.ts`, 'agent-core-port'],
  [`${agent}/policy/up.ts`, `${agent}/engine/a.ts`, 'agent-core-policy'],
  [`${agent}/engine/down.ts`, `${agent}/policy/a.ts`, undefined],
  [`${agent}/engine/aside.ts`, `${agent}/plan/a.ts`, 'agent-core-engine'],
  [`${agent}/verify/aside.ts`, `${agent}/engine/a.ts`, 'agent-core-verify'],
  [`${agent}/room/down.ts`, `${agent}/port/a.ts`, undefined],
  [`${agent}/host/down.ts`, `${agent}/verify/a.ts`, undefined],
  [`${agent}/host/adapter.ts`, `${agent}/adapter/one/a.ts`, 'only-composition-imports-an-adapter'],
  [`${agent}/adapter/one/up.ts`, `${agent}/engine/a.ts`, 'adapter-sees-ports'],
  [`${agent}/adapter/one/aside.ts`, `${agent}/adapter/two/a.ts`, 'adapter-sees-ports'],
  [`${agent}/adapter/one/down.ts`, `${agent}/port/a.ts`, undefined],
  ['apps/desktop/src/main/testing.ts', `${agent}/testing/a.ts`, 'testing-stays-in-tests'],
  ['apps/desktop/src/main/composes.ts', `${agent}/adapter/one/a.ts`, undefined],
  ['apps/desktop/src/renderer/agent.ts', `${agent}/port/a.ts`, 'renderer-is-a-page'],
  ['apps/desktop/src/preload/more.ts', 'schemas/src/run/a.ts', 'preload-passes-a-port-and-nothing-else'],
  ['apps/sync-server/src/meets.ts', 'apps/desktop/src/main/a.ts', 'apps-do-not-meet'],
  ['apps/desktop/src/hub/page.ts', 'packages/ui/src/reads.ts', 'page-and-window-do-not-mix'],
  ['schemas/src/run/b.ts', 'schemas/src/run/c.ts', 'no-cycle'],
  ['schemas/src/run/c.ts', 'schemas/src/run/b.ts', undefined],
];

describe('the direction of the house', () => {
  let house = '';
  let found: { from: string; to: string; rule: { name: string } }[] = [];

  beforeAll(async () => {
    house = mkdtempSync(join(tmpdir(), 'soma-layers-'));
    const files = new Map<string, string>();
    for (const [, to] of arrows) files.set(to, `export const ${'a'} = 1;\n`);
    for (const [from, to] of arrows) {
      const specifier = relative(dirname(from), to);
      files.set(from, `export * from '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\n`);
    }
    files.set('schemas/src/run/node.ts', "export * from 'node:fs';\n");
    for (const [path, text] of files) {
      mkdirSync(join(house, dirname(path)), { recursive: true });
      writeFileSync(join(house, path), text);
    }
    const args = [
      '--config',
      join(root, '.dependency-cruiser.cjs'),
      '--output-type',
      'json',
      'schemas',
      'packages',
      'apps',
    ];
    const cruise = promisify(execFile)(join(root, 'node_modules', '.bin', 'depcruise'), args, {
      cwd: house,
      maxBuffer: 1e8,
    });
    const { stdout } = await cruise.catch((fault: { stdout: string }) => fault);
    found = JSON.parse(stdout).summary.violations;
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  it.each(arrows)('%s to %s: %s', (from, to, rule) => {
    const names = found
      .filter((violation) => violation.from === from && violation.to === to)
      .map(({ rule: { name } }) => name);
    if (rule === undefined) expect(names).toEqual([]);
    else expect(names).toContain(rule);
  });

  it('keeps Node out of what runs in a page', () => {
    expect(
      found.filter(({ from }) => from === 'schemas/src/run/node.ts').map(({ rule }) => rule.name),
    ).toContain('page-code-has-no-node');
  });
});
