import { openRepository } from '../../sources/git.js';
import type { Environment } from '../../sources/git-settings.js';
import { gitWriter } from '../../write/git-writer.js';
import type { Writer } from '../../write/writer.js';

/** What a writer has to know of what is served. */
export interface WriterPlace {
  readonly root: string;
  readonly git?: { readonly ref: string; readonly remote?: string };
  readonly fetchTimeout: number;
  /** The file of an ssh key to sign commits with. */
  readonly signingKey?: string;
  /** From it a server starts without the repository; that is written to when it is there. */
  readonly snapshotCache?: string;
}

/** A writer for the branch that is served. @throws Refusal when the flags are in no git repository, and must be */
export async function openWriter(
  place: WriterPlace,
  { environment, random }: { readonly environment: Environment; readonly random: () => number },
): Promise<Writer> {
  const { root, git, fetchTimeout: timeout, signingKey } = place;
  if (place.snapshotCache === undefined) (await openRepository(root, environment)).close();
  const { ref, remote } = git ?? {};
  return gitWriter({
    root,
    timeout,
    environment,
    random,
    ...(ref !== undefined && ref !== 'HEAD' && { ref }),
    ...(remote !== undefined && { remote }),
    ...(signingKey !== undefined && { signingKey }),
  });
}
