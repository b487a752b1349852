import { defineConfig } from 'vitest/config';

// Faults and load for as long as it takes: `npm run soak`, not part of `npm test`.
export default defineConfig({
  test: {
    include: ['test/soak/**/*.soak.ts'],
    fileParallelism: false,
    // What is said of the heap is said of what cannot be collected.
    execArgv: ['--expose-gc'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
});
