import { formerKeys, newFlagFiles } from '../../history/former-keys.js';
import { flagsAt } from '../../history/place.js';
import type { ReadingCache } from '../../project/read-file.js';
import { readProject } from '../../project/read-project.js';
import { reviewGithub } from '../../report/review-github.js';
import { reviewJson } from '../../report/review-json.js';
import { reviewMarkdown } from '../../report/review-markdown.js';
import { reviewText } from '../../report/review-text.js';
import { type Review, type ReviewOptions as ReviewInput, review } from '../../review/review.js';
import { type Repository as GitRepository, withRepository } from '../../sources/git.js';
import type { GlobalOptions } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readBasePopulation } from '../population.js';
import { findRepository } from '../repository.js';
import { revisionSide, type Side, workingTree } from '../sides.js';
import type { Terminal } from '../terminal.js';

export interface ReviewOptions extends GlobalOptions {
  /** The branch that the change is for. */
  readonly base: string;
  readonly contexts?: string;
  /** Who takes responsibility for a great impact. */
  readonly acceptImpact?: string;
  /** milliseconds since 1970 */
  readonly now?: number;
  readonly format: 'text' | 'json' | 'markdown' | 'github';
}

export async function runReview(options: ReviewOptions, terminal: Terminal): Promise<ExitCode> {
  const root = await findRepository(options, terminal);
  const after = await workingTree(root, terminal);
  const sides = await withRepository(root, terminal.env, (git) => readBase(options, git, after.files, terminal));
  const verdict = review({
    ...sides,
    after,
    now: options.now ?? terminal.now(),
    ...(options.acceptImpact === undefined ? {} : { acceptedBy: options.acceptImpact }),
  });
  await terminal.stdout.write(printed(verdict, options.format, after, terminal));
  return verdict.verdict === 'pass' ? EXIT.ok : EXIT.findings;
}

/** The policy is that of the newest base; what has changed is seen from where the change began. */
async function readBase(
  { base, contexts }: ReviewOptions,
  git: GitRepository,
  after: ReviewInput['after']['files'],
  terminal: Terminal,
): Promise<Pick<ReviewInput, 'base' | 'before' | 'contexts' | 'cache' | 'formerKeys'>> {
  const [commit, head] = await Promise.all([git.resolve(base), git.resolve('HEAD')]);
  const parted = await git.mergeBase(commit, head);
  const newest = await revisionSide(git, base, commit);
  const before = parted === commit ? newest : await revisionSide(git, parted.slice(0, 12), parted);
  const cache: ReadingCache = new Map();
  const { review } = readProject(newest.files, cache).project?.config.data ?? {};
  const population = await readBasePopulation(contexts, review?.population, { git, commit }, terminal);
  const created = newFlagFiles(after, [newest.files, before.files]);
  const former = await formerKeys(await flagsAt(git, commit), commit, created);
  return { base: newest.files, before, cache, formerKeys: former, ...(population ? { contexts: population } : {}) };
}

function printed(verdict: Review, format: ReviewOptions['format'], { shownPath }: Side, { stdout }: Terminal): string {
  switch (format) {
    case 'text':
      return reviewText(verdict, { shownPath, colour: stdout.colour });
    case 'json':
      return reviewJson(verdict, shownPath);
    case 'markdown':
      return reviewMarkdown(verdict, shownPath);
    case 'github':
      return reviewGithub(verdict, shownPath);
  }
}
