import { PROJECT_FILE } from '../project/kind.js';
import type { Repository } from '../sources/git.js';
import type { Commit, FileChange } from '../sources/git-commits.js';
import { FileTable } from './file-table.js';
import type { ObjectId } from './object-id.js';

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

/** The files of the flags directory at a commit. */
export async function tableAt(repository: Repository, commit: string): Promise<FileTable> {
  const { prefix } = repository;
  const table = new FileTable(prefix, (oid) => repository.readBlob(oid));
  const entries = (await repository.listRevision(commit)).filter(({ link }) => !link);
  await Promise.all(entries.map(({ path, oid }) => table.set(`${prefix}${path}`, oid)));
  return table;
}

/**
 * The commits before `from` along first parents, newest first. The caller takes the table back by `revert`
 * after each step, before asking for the next one.
 *
 * A wanted object is followed by its key, wherever its file stands. A file is asked for its key when it appears, when
 * it goes, and when it is known to speak of a wanted object; that a key changes in place shows with `all` only.
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
  for await (const { oid, files, read } of walkFlags(repository, from, { until })) {
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
async function findMove(repository: Repository, oid: string, files: readonly FileChange[]): Promise<Move | undefined> {
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

async function choose(table: FileTable, files: readonly FileChange[], wanted: Wanted): Promise<readonly FileChange[]> {
  if (wanted === 'all') return files.filter(({ path }) => table.kindOf(path) !== undefined);
  if (!files.some((file) => mayMatter(table, file, wanted))) return [];
  const chosen = await filter(files, (file) => matters(table, file, wanted));
  const appeared = chosen.some(({ path, before }) => before === undefined && isWanted(table.knownId(path), wanted));
  if (!appeared) return chosen;
  return filter(files, async (file) => chosen.includes(file) || (await spokeOf(table, file, wanted)));
}

/** Told from names alone: most commits have nothing to do with what is wanted. */
function mayMatter(table: FileTable, { path, after }: FileChange, wanted: ReadonlySet<ObjectId>): boolean {
  return after === undefined || isWanted(table.knownId(path), wanted) || isContext(table, path);
}

async function matters(table: FileTable, file: FileChange, wanted: ReadonlySet<ObjectId>): Promise<boolean> {
  if (isWanted(table.knownId(file.path), wanted) || isContext(table, file.path)) return true;
  return file.after === undefined && (await spokeOf(table, file, wanted));
}

/** What the meaning of any object may depend on. */
function isContext(table: FileTable, path: string): boolean {
  const kind = table.kindOf(path);
  return kind === 'project' || kind === 'group';
}

function isWanted(id: ObjectId | undefined, wanted: ReadonlySet<ObjectId>): boolean {
  return id !== undefined && wanted.has(id);
}

async function spokeOf(
  table: FileTable,
  { path, before }: FileChange,
  wanted: ReadonlySet<ObjectId>,
): Promise<boolean> {
  return before !== undefined && isWanted(await table.idOf(path, before), wanted);
}

async function filter<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(test));
  return items.filter((_, index) => kept[index]);
}
