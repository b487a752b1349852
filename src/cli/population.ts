import { realpath } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import { flagsAt } from '../history/place.js';
import type { Context } from '../model/context.js';
import type { Settings } from '../model/snapshot.js';
import type { Repository as GitRepository } from '../sources/git.js';
import { contextsIn, readContexts } from './context-lines.js';
import { note, type Terminal } from './terminal.js';

/** Contexts that stand for the users, and where they come from. */
export interface GivenPopulation {
  readonly source: string;
  readonly contexts: readonly Context[];
  /** Lines that hold no context; each has been reported. */
  readonly badLines: number;
}

/**
 * The contexts of `--contexts`, else those that `review.population` names, else none.
 *
 * @param root the directory of the flag repository; what the project names lies in it
 * @throws Refusal when what was named cannot be read
 */
export async function readPopulation(
  option: string | undefined,
  { review }: Settings,
  root: string,
  terminal: Terminal,
): Promise<GivenPopulation | undefined> {
  if (option !== undefined)
    return { source: option === '-' ? 'stdin' : option, ...(await readContexts(option, terminal)) };
  if (review.population === undefined) return undefined;
  const path = await within(root, review.population);
  return { source: review.population, ...(await readContexts(path, terminal)) };
}

/**
 * The contexts of `--contexts`, else those that `review.population` named in the base, as they were there: a change
 * cannot choose whom it is measured by.
 *
 * @param commit the full id of the base
 */
export async function readBasePopulation(
  option: string | undefined,
  population: string | undefined,
  { git, commit }: { readonly git: GitRepository; readonly commit: string },
  terminal: Terminal,
): Promise<GivenPopulation | undefined> {
  if (option !== undefined)
    return { source: option === '-' ? 'stdin' : option, ...(await readContexts(option, terminal)) };
  if (population === undefined) return undefined;
  const path = posix.normalize(population);
  const place = await flagsAt(git, commit);
  if (path.startsWith('../') || path.startsWith('/') || !(await place.holds(commit, path))) {
    await note(terminal, `note: there is no \`${population}\` in the base, which \`review.population\` names there`);
    return undefined;
  }
  return { source: population, ...(await contextsIn(place.streamFile(commit, path), population, terminal)) };
}

/** The real path of a file of the repository. A file of a pull request must not lead anywhere else. */
async function within(root: string, path: string): Promise<string> {
  const refusal = (problem: string, cause?: unknown) =>
    new Refusal('not-found', `\`review.population\`: ${problem} \`${path}\``, {
      help: 'name a file that lies beside or below `flagstaff.yaml`, or give `--contexts FILE.ndjson`',
      cause,
    });
  const [top, real] = await Promise.all([realpath(root), realpath(join(root, path))]).catch((cause) => {
    throw refusal('there is no file', cause);
  });
  const inside = relative(top, real);
  if (isAbsolute(path) || isAbsolute(inside) || inside.split(sep)[0] === '..') throw refusal('not in the repository:');
  return real;
}
