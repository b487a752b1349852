import { diffFlag, type FlagVersions } from '../diff/flag.js';
import type { ReviewInput, ReviewSide } from './rule.js';

/** A flag that is gone, and the new one that it seems to have become. */
export interface RemovedFlag {
  readonly key: string;
  readonly file: string;
  readonly archived: boolean;
  /** The new key, when the new flag has its file, or differs from it in nothing else. */
  readonly renamedTo: string | undefined;
}

export function removedFlags({ before, after }: ReviewInput): RemovedFlag[] {
  const created = [...after.flags.keys()].filter((key) => !before.flags.has(key));
  const gone = [...before.flags].filter(([key]) => !after.flags.has(key));
  return gone.map(([key, versions]) => ({
    key,
    file: fileOf(before, key),
    archived: [...versions.values()].some(({ state }) => state === 'archived'),
    renamedTo: created.find((other) => isSameFlag(before, after, key, other)),
  }));
}

function isSameFlag(before: ReviewSide, after: ReviewSide, key: string, other: string): boolean {
  if (fileOf(before, key) === fileOf(after, other)) return true;
  const renamed = rename(before.flags.get(key), key, other);
  return diffFlag(renamed, after.flags.get(other)).length === 0;
}

function fileOf({ project }: ReviewSide, key: string): string {
  return project.flags.get(key)?.file ?? '';
}

/** The flag as it would be under another key. A seed that nobody wrote is the key. */
function rename(versions: FlagVersions | undefined, from: string, to: string): FlagVersions {
  return new Map(
    [...(versions ?? [])].map(([environment, flag]) => {
      return [environment, { ...flag, key: to, seed: flag.seed === from ? to : flag.seed }];
    }),
  );
}
