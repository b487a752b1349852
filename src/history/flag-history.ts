import { withRepository } from '../sources/git.js';
import type { Environment } from '../sources/git-settings.js';
import type { SourceFile } from '../syntax/source-file.js';
import { type AgeOptions, type FlagAges, flagAges } from './ages.js';
import { flagsAt } from './place.js';
import { type Uncommitted, uncommittedFlags } from './uncommitted.js';

/** The semantic age of every flag, and which flags have changed since the last commit. */
export interface KnownAges extends FlagAges {
  readonly uncommitted: Uncommitted;
}

interface Whose extends AgeOptions {
  /** The checked-out one if left out. */
  readonly commit?: string;
  /** The flag repository as it stands, where that may differ from the commit. */
  readonly files?: readonly SourceFile[];
}

const NOTHING: Uncommitted = { created: new Set(), changed: new Set() };

/**
 * How old the flags in a directory are, out of git.
 * @throws Refusal when there is no git repository, or git fails
 */
export async function readAges(
  directory: string,
  environment: Environment,
  { commit = 'HEAD', files, ...options }: Whose,
): Promise<KnownAges> {
  return withRepository(directory, environment, async (opened) => {
    const from = await opened.resolve(commit);
    const repository = await flagsAt(opened, from);
    const ages = await flagAges(repository, from, options);
    return { ...ages, uncommitted: files === undefined ? NOTHING : await uncommittedFlags(repository, from, files) };
  });
}

/** Times in milliseconds since 1970; `undefined`: not since `since`. What is not committed yet happened just now. */
export function historyOf({ flags, everyFlag, since, uncommitted }: KnownAges, now: number) {
  return {
    since,
    created: (key: string) => (uncommitted.created.has(key) ? now : flags.get(key)?.created),
    changed: (key: string, environment: string) => {
      if (uncommitted.changed.has(key)) return now;
      return latest(flags.get(key)?.changed.get(environment), everyFlag.get(environment));
    },
  };
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
