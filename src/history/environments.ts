import { Refusal } from '../diagnostics/refusal.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { PROJECT_FILE } from '../project/kind.js';
import { readProject } from '../project/read-project.js';
import type { Repository } from '../sources/git.js';

/**
 * Refuses an environment that `flagstaff.yaml` does not list at a commit; where that file cannot be read, none.
 * @throws Refusal
 */
export async function refuseUnknownEnvironment(
  repository: Repository,
  commit: string,
  environment: string,
): Promise<void> {
  const oid = await repository.findFile(commit, PROJECT_FILE);
  if (oid === undefined) return;
  const file = { path: PROJECT_FILE, ...(await repository.readBlob(oid)) };
  const environments = readProject([file]).project?.environments ?? [environment];
  if (environments.includes(environment)) return;
  throw new Refusal('not-found', `there is no environment \`${environment}\``, {
    help: didYouMean(environment, environments) ?? 'for one of the past name a revision with `--ref`',
  });
}
