import { PROJECT_FILE } from '../project/kind.js';
import type { Repository } from '../sources/git.js';

/**
 * The repository with its flags where they were at a commit. Where the directory of today held no `flagstaff.yaml`
 * yet, or a bare repository has no directory of today, the only `flagstaff.yaml` of the commit says where.
 */
export async function flagsAt(repository: Repository, commit: string): Promise<Repository> {
  if (await repository.holds(commit, PROJECT_FILE)) return repository;
  const everywhere = await repository.at('').listRevision(commit);
  const prefixes = everywhere
    .filter(({ path }) => path === PROJECT_FILE || path.endsWith(`/${PROJECT_FILE}`))
    .map(({ path }) => path.slice(0, -PROJECT_FILE.length));
  const [only] = prefixes;
  return only === undefined || prefixes.length > 1 ? repository : repository.at(only);
}
