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

/** So many blobs are looked for in one walk, for the sake of systems with short command lines; those of one key always. */
const MOST_BLOBS = 400;

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
  for (const keyOf of inWalks(await byKey(repository, blobs, new Set(texts.keys())))) {
    for (const [key, { commit, flag }] of await lastUses(repository, base, keyOf)) {
      if (!(await saysThis(repository, flag, texts.get(key)))) commits.set(key, commit);
    }
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

/** A walk takes as long for one blob as for hundreds. @returns the keys of those that are looked for together */
function inWalks(blobsOf: ReadonlyMap<string, readonly string[]>): Map<string, string>[] {
  const walks: Map<string, string>[] = [];
  for (const [key, oids] of blobsOf) {
    const last = walks.at(-1);
    const room = last !== undefined && last.size + oids.length <= MOST_BLOBS ? last : undefined;
    const keyOf = room ?? new Map<string, string>();
    if (room === undefined) walks.push(keyOf);
    for (const oid of oids) keyOf.set(oid, key);
  }
  return walks;
}

interface Use {
  readonly commit: string;
  readonly flag: FileChange;
}

/** By key, the newest commit that one of its blobs came with, or went with, in a flag file. */
async function lastUses(
  repository: Repository,
  base: string,
  keyOf: ReadonlyMap<string, string>,
): Promise<Map<string, Use>> {
  const { prefix } = repository;
  const paths = prefix === '' ? [] : [`:(literal)${prefix}`];
  const sought = Array.from(keyOf.keys(), (oid) => `--find-object=${oid}`);
  const wanted = new Set(keyOf.values());
  const uses = new Map<string, Use>();
  for await (const { oid: commit, files } of repository.walk({ from: [base], paths, options: sought })) {
    for (const flag of files.filter(({ path }) => kindOf(path.slice(prefix.length)) === 'flag')) {
      for (const oid of [flag.before, flag.after]) {
        const key = keyOf.get(oid ?? '');
        if (key !== undefined && !uses.has(key)) uses.set(key, { commit, flag });
      }
    }
    if (uses.size === wanted.size) break;
  }
  return uses;
}

/** What went was just what comes back. */
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
