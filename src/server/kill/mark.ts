import { type Repository, withRepository } from '../../sources/git.js';
import type { Environment } from '../../sources/git-settings.js';
import { oneLine } from '../../write/message.js';
import { type Kill, nameOf } from './kill.js';

/** What the trailer `Kill:` of a commit says of a kill; no other kill says the same. */
export function markOf(kill: Kill): string {
  return oneLine(`${nameOf(kill)} ${new Date(kill.at).toISOString()}`);
}

/**
 * Is this commit at one that has the flag off by this kill, or after it? Its mark says so, and what is known of `sent`.
 * @throws Refusal when the history cannot be read
 */
export type CommitLookup = (kill: Kill, commit: string) => Promise<boolean>;

/** Looks in the repository of this directory. */
export function lookupIn(directory: string, environment: Environment): CommitLookup {
  return (kill, commit) =>
    withRepository(
      directory,
      environment,
      async (repository) => (await isAfter(repository, kill, commit)) || hasMark(repository, kill, commit),
    );
}

/** One that is not here yet comes later. */
async function isAfter(repository: Repository, { sent }: Kill, commit: string): Promise<boolean> {
  if (sent === undefined || sent === 'unknown') return false;
  return repository.isAncestor(sent, commit).catch(() => false);
}

async function hasMark(repository: Repository, kill: Kill, commit: string): Promise<boolean> {
  const mark = markOf(kill);
  const options = ['--fixed-strings', `--grep=Kill: ${mark}`];
  for await (const found of repository.walk({ from: [commit], options })) {
    if (found.read().trailers.some(({ key, value }) => key === 'Kill' && value === mark)) return true;
  }
  return false;
}
