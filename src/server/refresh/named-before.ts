import { kindOf } from '../../project/kind.js';
import type { Repository } from '../../sources/git.js';
import type { FileChange } from '../../sources/git-commits.js';
import { parseYaml } from '../../syntax/parse-yaml.js';

/**
 * The flags that a group or an override file named before it was changed: those that it names no more have changed,
 * too, and no file of theirs tells of it.
 */
export async function namedBefore(repository: Repository, { path, before }: FileChange): Promise<readonly string[]> {
  const kind = kindOf(path);
  if (before === undefined || (kind !== 'group' && kind !== 'override')) return [];
  const { data } = parseYaml({ path, ...(await repository.readBlob(before)) });
  return kind === 'override' ? flagOf(data) : slotsOf(data).flatMap(flagOf);
}

/** What is not of its form names nothing. */
function flagOf(data: unknown): string[] {
  const flag = typeof data === 'object' && data !== null && 'flag' in data ? data.flag : undefined;
  return typeof flag === 'string' ? [flag] : [];
}

function slotsOf(data: unknown): readonly unknown[] {
  const slots = typeof data === 'object' && data !== null && 'slots' in data ? data.slots : undefined;
  return Array.isArray(slots) ? slots : [];
}
