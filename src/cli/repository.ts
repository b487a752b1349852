import { access } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import { PROJECT_FILE } from '../project/kind.js';
import { readDirectory } from '../sources/directory.js';
import type { SourceFile } from '../syntax/source-file.js';
import type { GlobalOptions } from './command.js';
import { detail, type Terminal } from './terminal.js';

/** A flag repository on disk. */
export interface Repository {
  /** absolute */
  readonly root: string;
  readonly files: readonly SourceFile[];
}

/**
 * Reads the flag repository that was named, or else the nearest upwards, or else `./flags`.
 * @throws Refusal when there is none
 */
export async function readRepository(options: GlobalOptions, terminal: Terminal): Promise<Repository> {
  const root = await findRepository(options, terminal);
  const files = await readDirectory(root);
  await detail(terminal, `read ${files.length} files in ${root}`);
  return { root, files };
}

/** The directory of the flag repository, absolute. One that was named is never searched for. */
export async function findRepository({ dir }: GlobalOptions, { cwd }: Terminal): Promise<string> {
  if (dir !== undefined) return named(dir, resolve(cwd, dir));
  for (const candidate of [...upwards(cwd), join(cwd, 'flags')]) {
    if (await holdsProject(candidate)) return candidate;
  }
  throw new Refusal('no-repository', `no \`${PROJECT_FILE}\` here, in a directory above, or in \`./flags\``, {
    help: 'name the directory with `-C DIR`, or begin a flag repository with `flagstaff init`',
  });
}

/**
 * Where to ask git for the flags, absolute: they need not be in the working tree, or there may be none.
 * One that was named is taken as it is.
 */
export async function findHistory({ dir }: GlobalOptions, { cwd }: Terminal): Promise<string> {
  if (dir !== undefined) return resolve(cwd, dir);
  for (const candidate of [...upwards(cwd), join(cwd, 'flags')]) {
    if (await holdsProject(candidate)) return candidate;
  }
  return cwd;
}

async function named(dir: string, root: string): Promise<string> {
  if ((await holdsProject(root)) || !(await isThere(root))) return root;
  const below = (await holdsProject(join(root, 'flags'))) ? join(dir, 'flags') : undefined;
  throw new Refusal('no-repository', `no \`${PROJECT_FILE}\` in \`${dir}\``, {
    help: below === undefined ? `begin a flag repository with \`flagstaff init ${dir}\`` : `did you mean \`${below}\`?`,
  });
}

function upwards(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upwards(parent)];
}

async function holdsProject(directory: string): Promise<boolean> {
  return isThere(join(directory, PROJECT_FILE));
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * How a file of the repository is named to the reader: as seen from where the command was called when the
 * repository lies there or below, else by its path in the repository.
 */
export function shownPath({ cwd }: Terminal, { root }: Repository): (file: string) => string {
  const prefix = relative(cwd, root).split(sep).join('/');
  const outside = prefix === '' || prefix.startsWith('..') || isAbsolute(prefix);
  return (file) => (outside ? file : `${prefix}/${file}`);
}
