// The direction of the house (docs/architecture): schemas <- agent-core <- desktop, sync-server; schemas <- ui <- the desktop's
// renderer. A rule names what may not be imported from where; what no rule forbids is allowed.

const agent = (folder) => `^packages/agent-core/src/${folder}(/|$)`;
const test = '\\.test\\.tsx?$';
const testing = agent('testing');

/** Inside agent-core: each room and the rooms of agent-core it may look into, beside itself. */
const sight = {
  failpoint: [],
  domain: [],
  port: ['domain'],
  policy: ['domain', 'port', 'failpoint'],
  engine: ['domain', 'port', 'policy', 'failpoint'],
  plan: ['domain', 'port'],
  agent: ['domain', 'port', 'plan'],
  turn: ['domain', 'port'],
  verify: ['domain', 'port'],
  room: ['domain', 'port', 'failpoint'],
  outbox: ['domain', 'port', 'failpoint'],
  exam: ['port'],
  host: [
    'domain',
    'port',
    'policy',
    'engine',
    'plan',
    'agent',
    'turn',
    'verify',
    'room',
    'exam',
    'failpoint',
  ],
};

const rooms = Object.entries(sight).map(([room, seen]) => ({
  name: `agent-core-${room}`,
  comment: `${room} may look into ${['itself', ...seen].join(', ')} and schemas only.`,
  severity: 'error',
  from: { path: agent(room), pathNot: test },
  to: { path: '^packages/agent-core/src/', pathNot: agent(`(${[room, ...seen].join('|')})`) },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two modules that need each other are one module, or one of them knows too much.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'schemas-is-the-leaf',
      severity: 'error',
      from: { path: '^schemas/' },
      to: { path: '^(packages|apps|e2e|infra)/' },
    },
    {
      name: 'ui-sees-schemas-only',
      severity: 'error',
      from: { path: '^packages/ui/src/' },
      to: { path: '^(packages/(?!ui/)[^/]+|apps|e2e|infra)/' },
    },
    {
      name: 'agent-core-sees-schemas-only',
      severity: 'error',
      from: { path: '^packages/agent-core/' },
      to: { path: '^(packages/(?!agent-core/)[^/]+|apps|e2e|infra)/' },
    },
    {
      name: 'nobody-imports-an-app',
      severity: 'error',
      from: { path: '^(schemas|packages|infra)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-do-not-meet',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    ...rooms,
    {
      name: 'adapter-sees-ports',
      comment:
        'An adapter knows the port it implements, and no other adapter; but those that keep files stand on the data folder, and tools that read do it through tool-folder, so that confinement is written once; those that ask a model at an endpoint do it through model-turn.',
      severity: 'error',
      from: { path: '^packages/agent-core/src/adapter/([^/]+)/', pathNot: test },
      to: {
        path: '^packages/agent-core/src/',
        pathNot: [
          '^packages/agent-core/src/adapter/$1/',
          agent('(domain|port|failpoint)'),
          agent('adapter/(data-folder|tool-folder|model-turn)'),
        ],
      },
    },
    {
      name: 'only-composition-imports-an-adapter',
      severity: 'error',
      from: { path: '^packages/agent-core/src/', pathNot: [test, testing, agent('adapter')] },
      to: { path: agent('adapter') },
    },
    {
      name: 'testing-stays-in-tests',
      severity: 'error',
      from: { path: '^(schemas|packages|apps)/', pathNot: [test, testing, '/src/testing/'] },
      to: { path: testing },
    },
    {
      name: 'tests-are-imported-by-nobody',
      severity: 'error',
      from: {},
      to: { path: test },
    },
    {
      name: 'renderer-is-a-page',
      comment: 'The renderer is the ui and nothing of Electron, Node or the agent.',
      severity: 'error',
      from: { path: '^apps/desktop/src/renderer/' },
      to: {
        path: ['^packages/agent-core/', '^apps/desktop/src/(?!renderer/)', '^node:', '^electron$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'page-code-has-no-node',
      comment: 'What runs in a page, and what runs everywhere, imports nothing of Node.',
      severity: 'error',
      from: {
        path: ['^packages/ui/src/', '^schemas/src/', agent('(domain|port|engine|policy)')],
        pathNot: test,
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-passes-a-port-and-nothing-else',
      severity: 'error',
      from: { path: '^apps/desktop/src/preload/' },
      to: { path: '^(packages/|schemas/|apps/desktop/src/(?!preload/))', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'electron-only-in-the-window',
      comment: 'What Node runs, serve and the terminal, has no Electron.',
      severity: 'error',
      from: { path: ['^packages/', '^schemas/', '^apps/desktop/src/(serve|terminal)/'] },
      to: { path: ['^electron$', '/node_modules/electron/'] },
    },
    {
      name: 'page-and-window-do-not-mix',
      severity: 'error',
      from: { path: '^apps/desktop/src/(main|hub|model|serve|terminal)/' },
      to: { path: ['^packages/ui/', '^apps/desktop/src/renderer/'] },
    },
    {
      name: 'what-ships-is-declared',
      comment: 'A module that runs in the product is a dependency of the package that imports it.',
      severity: 'error',
      from: {
        path: '^(schemas|packages)/',
        pathNot: [test, testing, '/src/testing/', '\\.config\\.ts$', '^schemas/[^/]+\\.ts$'],
      },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '(^infra/electron/(prepare|shim))|(^e2e/bench/((context|durable|stream)/)?peer/)|(^|/)(out|coverage|node_modules/\\.cache)/',
    },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
