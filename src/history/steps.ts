import { PROJECT_FILE } from '../project/kind.js';
import type { Repository } from '../sources/git.js';
import type { Commit, FileChange } from '../sources/git-commits.js';
import type { TreeEntry } from '../sources/git-tree.js';
import { AT_A_TIME, FileTable } from './file-table.js';
import { keyOfId, kindOfId, type ObjectId } from './object-id.js';
import { mapInSlices, withTurns } from './slices.js';

/** One commit on the way back in time that touches files of interest. */
export interface Step {
  readonly commit: Commit;
  /** The files of interest that differ from the first parent. */
  readonly files: readonly FileChange[];
  /** The parents are not in this shallow clone: what was before cannot be known. */
  readonly boundary: boolean;
  /** Where the flags directory was before; the table has to follow. */
  readonly prefixBefore: string;
}

/** Which files are of interest: those of the wanted objects, or all. */
export type Wanted = ReadonlySet<ObjectId> | 'all';

/** A way back in time: the files to begin with, what is followed, and the commits that touch it, newest first. */
export interface WayBack {
  readonly table: FileTable;
  readonly wanted: Wanted;
  readonly steps: Iterable<Step> | AsyncIterable<Step>;
}

/** How many commits are looked at in one go, where git need not be waited for. */
const COMMITS_AT_A_TIME = 20;

/** The files of the flags directory at a commit. */
export async function tableAt(repository: Repository, commit: string): Promise<FileTable> {
  return tableOf(repository, await repository.listRevision(commit));
}

/** These files, or those of them that hold flags. */
export async function tableOf(repository: Repository, entries: readonly TreeEntry[]): Promise<FileTable> {
  const { prefix } = repository;
  const table = new FileTable(prefix, (oid) => repository.readBlob(oid));
  const files = entries.filter(({ link }) => !link);
  await mapInSlices(files, AT_A_TIME, ({ path, oid }) => table.set(`${prefix}${path}`, oid));
  return table;
}

/**
 * The commits before `from` along first parents, newest first. The caller takes the table back by `revert`
 * after each step, before asking for the next one.
 *
 * A wanted object is followed by its key, wherever its file stands: every file that a commit touches is asked what it
 * spoke of before.
 *
 * @param until this commit and those before it are left out
 */
export async function* stepsBack(
  repository: Repository,
  table: FileTable,
  from: string,
  wanted: Wanted,
  until?: string,
): AsyncGenerator<Step> {
  const { prefix } = repository;
  for await (const { oid, files, read } of withTurns(walkFlags(repository, from, { until }), COMMITS_AT_A_TIME)) {
    const boundary = repository.boundary.has(oid);
    const move = boundary ? undefined : await findMove(repository, oid, files);
    if (move !== undefined) {
      const commit = read();
      yield { commit, files: move.files, boundary, prefixBefore: move.prefix };
      yield* stepsBack(repository.at(move.prefix), table, commit.parents[0] ?? oid, wanted, until);
      return;
    }
    const chosen = await choose(table, files, wanted);
    if (chosen.length > 0) yield { commit: read(), files: chosen, boundary, prefixBefore: prefix };
  }
}

interface Move {
  readonly prefix: string;
  readonly files: readonly FileChange[];
}

/** Did the flags directory come from elsewhere in the repository? Then `flagstaff.yaml` appears here and goes there. */
export async function findMove(
  repository: Repository,
  oid: string,
  files: readonly FileChange[],
): Promise<Move | undefined> {
  const project = repository.prefix + PROJECT_FILE;
  if (!files.some(({ path, before }) => path === project && before === undefined)) return undefined;
  for await (const commit of repository.walk({ from: [oid], options: ['--max-count=1'] })) {
    const left = commit.files.find(({ path, after }) => after === undefined && /(^|\/)flagstaff\.yaml$/.test(path));
    return left && { prefix: left.path.slice(0, -PROJECT_FILE.length), files: commit.files };
  }
  return undefined;
}

export interface FlagWalk {
  /** This commit and those before it are left out. */
  readonly until?: string | undefined;
  /** Further options of `git log`. */
  readonly options?: readonly string[];
}

/** The commits before `from` that touch the flags directory, newest first. */
export function walkFlags(repository: Repository, from: string, { until, options = [] }: FlagWalk = {}) {
  const { prefix } = repository;
  const paths = prefix === '' ? [] : [`:(literal)${prefix}`];
  return repository.walk({ from: [from], paths, options, ...(until === undefined ? {} : { except: [until] }) });
}

/** The files of a commit that are of interest. */
export async function choose(table: FileTable, files: readonly FileChange[], wanted: Wanted): Promise<FileChange[]> {
  if (wanted === 'all') return files.filter(({ path }) => table.kindOf(path) !== undefined);
  const chosen = await Promise.all(files.map((file) => matters(table, file, wanted)));
  return files.filter((_, index) => chosen[index]);
}

async function matters(table: FileTable, file: FileChange, wanted: ReadonlySet<ObjectId>): Promise<boolean> {
  const { path, before } = file;
  if (isWanted(table.knownId(path), wanted)) return true;
  const kind = table.kindOf(path);
  if (kind === undefined || kind === 'project') return kind === 'project';
  if (before !== undefined && isWanted(await table.idOf(path, before), wanted)) return true;
  return kind === 'group' && mayMoveSlot(table, file, wanted);
}

/** Whom an experiment takes depends on the slot that a group gives its flag. */
async function mayMoveSlot(
  table: FileTable,
  { before, after }: FileChange,
  wanted: ReadonlySet<ObjectId>,
): Promise<boolean> {
  const flags = [...wanted].filter((id) => kindOfId(id) === 'flag').map(keyOfId);
  const blobs = [before, after].filter((oid) => oid !== undefined);
  const answers = await Promise.all(flags.flatMap((flag) => blobs.map((oid) => table.mayGiveSlot(oid, flag))));
  return answers.includes(true);
}

function isWanted(id: ObjectId | undefined, wanted: ReadonlySet<ObjectId>): boolean {
  return id !== undefined && wanted.has(id);
}
