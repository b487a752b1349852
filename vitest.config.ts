import { defineConfig } from 'vitest/config';

// Where .ci/run wants the totals as JSON.
const report = process.env.FLAGSTAFF_TEST_REPORT;

/** Floors that know nothing but their arguments: their tests may share a process, which starts and loads it all once. */
const PURE = [
  'codegen',
  'diagnostics',
  'diff',
  'engine',
  'experiment',
  'lifecycle',
  'lint',
  'project',
  'report',
  'schema',
  'spec',
  'syntax',
  'wire',
].map((floor) => `test/${floor}/**/*.test.ts`);

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      { extends: true, test: { name: 'edges', include: ['test/**/*.test.ts'], exclude: PURE } },
    ],
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    // As many as there are processors: what these tests wait for is mostly a disk or another process.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/engine/**', 'src/project/**', 'src/write/**'],
      reporter: ['text-summary'],
      // What decides, what decides whether it may be served, and what writes are covered whole.
      thresholds: {
        'src/engine/**': { lines: 100, branches: 100 },
        'src/project/**': { lines: 100, branches: 100 },
        'src/write/**': { lines: 100, branches: 100 },
      },
    },
  },
});
