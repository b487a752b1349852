import fc from 'fast-check';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { createEvaluator } from '../../src/engine/evaluator.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { context, now, repository as project, rewritten, twoRepositories } from '../diff/arbitrary.js';
import { type Files, snapshotOf } from '../diff/snapshots.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { memoryTerminal } from './memory-terminal.js';

const DAY = 86_400_000;

interface Entry {
  readonly flag: string;
  readonly environments: Readonly<
    Record<string, { readonly serves?: string | null; readonly unchanged_days?: number }>
  >;
}

/** A repository at some days before now. */
interface Past {
  readonly days: number;
  readonly files: Files;
}

async function commit(repository: TestRepository, { days, files }: Past): Promise<void> {
  const known = await repository.git('ls-files');
  const gone = known.split('\n').filter((path) => path !== '' && !(path in files));
  await repository.commit({
    at: new Date(now - days * DAY).toISOString(),
    files: {
      ...Object.fromEntries(gone.map((path) => [path, null])),
      ...Object.fromEntries(Object.entries(files).map(([path, data]) => [path, JSON.stringify(data)])),
    },
  });
}

async function stale({ dir, environment }: TestRepository): Promise<Entry[]> {
  const terminal = memoryTerminal({ cwd: dir, now: () => now });
  await main(['stale', '--all', '--format', 'json'], { ...terminal, env: environment });
  return JSON.parse(terminal.out());
}

/** The repository that was served at a time. */
function servedAt(past: readonly (Past & { readonly snapshot: Snapshot })[], time: number): Snapshot | undefined {
  return past.findLast(({ days }) => now - days * DAY <= time)?.snapshot;
}

const past = fc
  .tuple(project, twoRepositories, fc.integer({ min: 1, max: 35 }), fc.integer({ min: 1, max: 35 }))
  .map(([first, [second, third], later, last]): Past[] => [
    { days: later + last + 20, files: first },
    { days: later + last, files: second },
    { days: last, files: third },
  ]);

it('what everyone is said to have got for so many days is what everyone got, and other words for it change nothing', async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(past, fc.array(context, { minLength: 8, maxLength: 8 }), async (commits, contexts) => {
      const repository = await makeRepository();
      try {
        for (const one of commits) await commit(repository, one);
        const entries = await stale(repository);
        const history = commits.map((one) => ({ ...one, snapshot: snapshotOf(one.files) }));
        for (const { flag, environments } of entries) {
          for (const [environment, { serves, unchanged_days: days }] of Object.entries(environments)) {
            if (serves === undefined || days === undefined) continue;
            told += days > 0 ? 1 : 0;
            for (const time of [0, 0.3, 0.7, 1].map((part) => now - days * part * DAY)) {
              const definitions = servedAt(history, time)?.definitions.get(environment);
              const evaluator = createEvaluator(definitions ?? { environment, flags: [], segments: [] });
              const answers = contexts.map((one) => evaluator.evaluate(flag, one, time).variant ?? null);
              expect(new Set(answers), `${flag} in ${environment}, ${days} days`).toEqual(new Set([serves]));
            }
          }
        }
        const [newest] = commits.slice(-1);
        await commit(repository, { days: 0.5, files: rewritten(newest?.files ?? {}) });
        expect(await stale(repository)).toEqual(entries);
      } finally {
        await repository.remove();
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
  expect(told).toBeGreaterThan(0);
});
