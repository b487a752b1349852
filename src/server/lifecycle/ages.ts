import { type KnownAges, readAges } from '../../history/flag-history.js';
import { pastThatMatters } from '../../lifecycle/state.js';
import type { Environment } from '../../sources/git-settings.js';
import type { Served } from '../served.js';

/** How old served flags are. */
export interface AgeReader {
  /** Does the same state have the same ages for ever? */
  readonly lasting: boolean;
  /**
   * @param now milliseconds since 1970
   * @throws Refusal when git does not tell
   */
  read(served: Served, now: number): Promise<KnownAges>;
}

/** The flags of a commit of this repository. */
export function agesOfCommits(directory: string, environment: Environment): AgeReader {
  const read = ({ snapshot, revision }: Served, now: number) =>
    readAges(directory, environment, { ...pastThatMatters(snapshot.settings, now), commit: revision.version });
  return { lasting: true, read };
}

/** The flags of this working tree. What differs from the checked-out commit is new; and that moves by itself. */
export function agesInTree(directory: string, environment: Environment): AgeReader {
  const read = ({ snapshot, project }: Served, now: number) =>
    readAges(directory, environment, { ...pastThatMatters(snapshot.settings, now), files: project.files });
  return { lasting: false, read };
}
