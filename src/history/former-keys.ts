import { kindOf } from '../project/kind.js';
import type { Repository } from '../sources/git.js';
import type { FileChange } from '../sources/git-commits.js';
import type { SourceFile } from '../syntax/source-file.js';
import { keyOfFile } from './file-key.js';

/** Which new flags have the key of one that there was before. */
export interface FormerKeys {
  /** By key: the newest commit of the base that touched the former flag, as far as its past texts tell. */
  readonly commits: ReadonlyMap<string, string>;
  /** Why there may be more, if there may. */
  readonly unknown?: string;
}

/** The history of so many keys is looked for. */
const MOST_KEYS = 200;

/**
 * Looks in the history of a base for the keys of new flags. What git still stores of the keys is looked for first, and
 * only for what is found is the history walked: what other branches, or earlier versions of the change itself, hold
 * counts for nothing.
 *
 * @param repository with its flags where they are at `base`
 * @param base a commit
 * @param files the files of the new flags
 */
export async function formerKeys(
  repository: Repository,
  base: string,
  files: readonly SourceFile[],
): Promise<FormerKeys> {
  const texts = new Map(files.slice(0, MOST_KEYS).map((file) => [keyOfFile(file, 'flag'), file.text]));
  if (texts.size === 0) return { commits: new Map() };
  const entries = await repository.listRevision(base);
  const blobs = await repository.blobsWith([...texts.keys()], new Set(entries.map(({ oid }) => oid)));
  if (blobs === undefined) return { commits: new Map(), unknown: 'too much to look at, or not all of it is here' };
  const commits = new Map<string, string>();
  for (const [key, oids] of await byKey(repository, blobs, new Set(texts.keys()))) {
    const commit = await lastUse(repository, base, oids, texts.get(key));
    if (commit !== undefined) commits.set(key, commit);
  }
  return { commits, ...unknownOf(repository, files.length) };
}

function unknownOf({ boundary }: Repository, count: number): Pick<FormerKeys, 'unknown'> {
  if (boundary.size > 0) return { unknown: 'the history is cut off in this shallow clone' };
  return count > MOST_KEYS ? { unknown: `${count} flags are new, and ${MOST_KEYS} were looked for` } : {};
}

/** The blobs that would be the flag of a key if they stood in a flag file. */
async function byKey(
  repository: Repository,
  oids: readonly string[],
  keys: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const oid of oids) {
    const { text } = await repository.readBlob(oid);
    const key = keyOfFile({ path: '', text }, 'flag');
    if (keys.has(key)) found.set(key, [...(found.get(key) ?? []), oid]);
  }
  return found;
}

/**
 * The newest commit that one of the blobs came with, or went with, in a flag file. `undefined`: none, or what went was
 * just what comes back.
 */
async function lastUse(
  repository: Repository,
  base: string,
  oids: readonly string[],
  text: string | undefined,
): Promise<string | undefined> {
  const { prefix } = repository;
  const paths = prefix === '' ? [] : [`:(literal)${prefix}`];
  const sought = oids.map((oid) => `--find-object=${oid}`);
  for await (const { oid, files } of repository.walk({ from: [base], paths, options: sought })) {
    const flag = files.find(({ path }) => kindOf(path.slice(prefix.length)) === 'flag');
    if (flag !== undefined) return (await saysThis(repository, flag, text)) ? undefined : oid;
  }
  return undefined;
}

async function saysThis(
  repository: Repository,
  { before, after }: FileChange,
  text: string | undefined,
): Promise<boolean> {
  const oid = after ?? before;
  return oid !== undefined && (await repository.readBlob(oid)).text === text;
}

/** The flag files whose keys no flag of the others has. */
export function newFlagFiles(files: readonly SourceFile[], others: readonly (readonly SourceFile[])[]): SourceFile[] {
  const known = new Set(others.flatMap(flagFiles).map((file) => keyOfFile(file, 'flag')));
  return flagFiles(files).filter((file) => !known.has(keyOfFile(file, 'flag')));
}

function flagFiles(files: readonly SourceFile[]): SourceFile[] {
  return files.filter(({ path, problem }) => problem === undefined && kindOf(path) === 'flag');
}
