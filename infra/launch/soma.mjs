// What `npm start`, `npm test` and the other commands of package.json run. It and all it imports use Node's own modules and
// syntax of Node 20.19 only, since it is what prepares everything else.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `SETUP_NODE_TOO_OLD: this is Node ${process.versions.node}\n  effect: nothing was started\n  next: install Node 20.19 or newer from nodejs.org\n`,
  );
  process.exit(4);
}

const { say, SetUpFailure } = await import('./process.mjs');
const { start } = await import('./start.mjs');
const { test, testAll } = await import('./test.mjs');
const { check } = await import('./check.mjs');
const { bench, schemasSmoke, screenshots } = await import('./bench.mjs');
const { soak } = await import('./soak.mjs');
const { makePackage } = await import('../package/package.mjs');

/** @type {ReadonlyMap<string, (args: readonly string[]) => Promise<number>>} each answers with its exit code */
const verbs = new Map([
  ['start', start],
  ['test', test],
  ['test:all', testAll],
  ['check', check],
  ['bench', bench],
  ['soak', soak],
  ['schemas:smoke', schemasSmoke],
  ['screenshots', screenshots],
  ['package', makePackage],
]);

const [name = 'start', ...args] = process.argv.slice(2);
const verb = verbs.get(name);
if (verb === undefined) {
  say(`USE_UNKNOWN_COMMAND: there is no "${name}"\n  next: one of ${[...verbs.keys()].join(', ')}`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await verb(args);
  } catch (fault) {
    if (!(fault instanceof SetUpFailure)) throw fault;
    for (const line of fault.output) say(`  | ${line}`);
    say(`${fault.code}: ${fault.message}\n  effect: ${fault.effect}\n  next: ${fault.next}`);
    process.exitCode = 4;
  }
}
