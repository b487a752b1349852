import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import type { Context } from '../model/context.js';
import type { Settings } from '../model/snapshot.js';
import { readContexts } from './context-lines.js';
import type { Terminal } from './terminal.js';

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
