// The house: a folder is a floor and imports only from the floors below it (docs/architecture.md).
// `null` stands for "everything".
const floors = {
  model: [],
  diagnostics: [],
  engine: ['model'],
  diff: ['model', 'diagnostics', 'engine'],
  syntax: ['model', 'diagnostics'],
  schema: ['diagnostics', 'syntax'],
  project: ['model', 'diagnostics', 'syntax', 'schema', 'engine'],
  codegen: ['model', 'project'],
  lint: ['model', 'diagnostics', 'syntax', 'schema', 'engine', 'project'],
  lifecycle: ['model', 'diagnostics', 'engine', 'project', 'lint', 'diff'],
  spec: ['model', 'diagnostics', 'engine', 'project'],
  report: [
    'model',
    'diagnostics',
    'engine',
    'syntax',
    'project',
    'lint',
    'spec',
    'diff',
    'history',
    'review',
    'lifecycle',
  ],
  sources: ['diagnostics', 'syntax', 'project'],
  history: ['model', 'diagnostics', 'syntax', 'sources', 'project', 'diff', 'engine'],
  review: ['model', 'diagnostics', 'syntax', 'engine', 'project', 'lint', 'spec', 'diff'],
  wire: ['model'],
  sdk: ['model', 'engine', 'wire'],
  write: ['model', 'diagnostics', 'syntax', 'schema', 'engine', 'project', 'sources', 'diff', 'history'],
  server: [
    'model',
    'diagnostics',
    'engine',
    'diff',
    'wire',
    'syntax',
    'schema',
    'project',
    'lint',
    'report',
    'sources',
    'history',
    'write',
  ],
};

// Each library has one home, so that replacing it touches one folder.
const homes = {
  'eventsource-parser': 'wire',
  murmurhash: 'engine',
  semver: 'engine',
  re2js: 'engine',
  'ipaddr.js': 'engine',
  yaml: 'syntax',
  ajv: 'schema',
  chalk: 'report',
  chokidar: 'sources',
  'simple-git': 'sources',
  commander: 'cli',
  'jsonc-parser': 'cli',
  fastify: 'server',
  '@fastify/cors': 'server',
  '@fastify/helmet': 'server',
  '@fastify/rate-limit': 'server',
  '@fastify/compress': 'server',
  'prom-client': 'server',
  pino: 'server',
  jose: 'server',
  'string-width': 'report',
  diff: 'report',
};

const floorRules = Object.entries(floors).map(([floor, below]) => ({
  name: `floor-${floor}`,
  comment: `${floor}/ imports only from ${below.join('/, ') || 'nothing in src/'}`,
  severity: 'error',
  from: { path: `^src/${floor}/` },
  to: { path: '^src/', pathNot: [floor, ...below].map((name) => `^src/${name}/`) },
}));

const homeRules = Object.entries(homes).map(([library, home]) => ({
  name: `home-of-${library}`,
  comment: `${library} lives in ${home}/`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${home}/` },
  to: { path: `^node_modules/(@types/)?${library.replace('.', '\\.')}/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'no-command-imports-a-command',
      severity: 'error',
      from: { path: '^src/cli/commands/([^/]+)\\.ts$' },
      to: { path: '^src/cli/commands/', pathNot: '^src/cli/commands/$1\\.ts$' },
    },
    {
      name: 'no-rule-imports-a-rule',
      severity: 'error',
      from: { path: '^src/(lint|project)/rules/', pathNot: 'rules/index\\.ts$' },
      to: { path: '^src/(lint|project)/rules/' },
    },
    {
      name: 'nobody-imports-the-command-line',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    ...floorRules,
    ...homeRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
