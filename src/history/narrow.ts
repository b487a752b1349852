import { PROJECT_FILE } from '../project/kind.js';
import type { Repository } from '../sources/git.js';
import type { FileChange, WalkedCommit } from '../sources/git-commits.js';
import { literally } from '../sources/git-search.js';
import type { TreeEntry } from '../sources/git-tree.js';
import { mayConcern } from './file-key.js';
import type { FileTable } from './file-table.js';
import { keyOfId, kindOfId, type ObjectId } from './object-id.js';
import { choose, findMove, type Step, tableOf, type WayBack } from './steps.js';

/**
 * The way back of one key, found without looking at the other files. In a large repository git takes nearly all of
 * its time to compare large folders; told which files to look at, it passes by the others.
 *
 * First `from` is searched for the files that speak of the key or give it a slot, then the commits that touch these
 * are walked. Where such a file begins, the commit before is looked through for one with a content that is known to
 * speak of the key. At last nothing may be left over: a blob of the repository that speaks of the key has been met,
 * or has only ever stood under the same paths, on another branch.
 *
 * @param entries the files at `from`
 * @returns `undefined` when no flag, segment or group of the key is there at `from`, or when only a look at every commit tells its history
 */
export async function narrowWay(
  repository: Repository,
  from: string,
  key: string,
  entries: readonly TreeEntry[],
): Promise<WayBack | undefined> {
  const past = pastBlobs(repository, key, entries);
  // It is awaited later; until then a failure of it must not count as unhandled.
  past.catch(() => undefined);
  const start = await filesOf(repository, from, key, entries);
  const [table, scratch] = [await tableOf(repository, start), await tableOf(repository, start)];
  const wanted = new Set([...table.ids].filter((id) => kindOfId(id) !== 'project' && keyOfId(id) === key));
  const defining = [...wanted].flatMap((id) => table.pathsOf(id)).filter((path) => table.kindOf(path) !== 'override');
  if (defining.length === 0) return undefined;
  const known = new Set(start.filter(({ path }) => path !== PROJECT_FILE).map(({ oid }) => oid));
  const walk = new NarrowWalk(repository, scratch, wanted, async () => new Set([...known, ...((await past) ?? [])]));
  const complete = (await walk.back(from)) && (await walk.accountsFor(await past, from));
  return complete ? { table, wanted, steps: walk.steps } : undefined;
}

/** The blobs that are not there any more and may speak of the key; `undefined`: there is too much to look at. */
async function pastBlobs(
  repository: Repository,
  key: string,
  entries: readonly TreeEntry[],
): Promise<string[] | undefined> {
  const found = await repository.blobsWith([key], new Set(entries.map(({ oid }) => oid)));
  if (found === undefined) return undefined;
  const texts = await Promise.all(found.map((oid) => repository.readBlob(oid)));
  return found.filter((_, index) => mayConcern(texts[index]?.text ?? '', key));
}

/** `flagstaff.yaml`, and the files that speak of the key, or would if they were valid, or give it a slot. */
async function filesOf(
  repository: Repository,
  from: string,
  key: string,
  entries: readonly TreeEntry[],
): Promise<TreeEntry[]> {
  const { prefix } = repository;
  const mentions = new Set(await repository.filesWith(from, key));
  const named = (path: string) => path.slice(path.lastIndexOf('/') + 1).startsWith(`${key}.`);
  const candidates = entries.filter(({ path, link }) => !link && (mentions.has(prefix + path) || named(path)));
  const all = await tableOf(repository, candidates);
  const texts = await Promise.all(candidates.map(({ oid }) => repository.readBlob(oid)));
  const concerned = candidates.filter(({ path }, index) => {
    const id = all.knownId(prefix + path);
    if (id === undefined || kindOfId(id) === 'project') return false;
    return keyOfId(id) === key || (kindOfId(id) === 'group' && mayConcern(texts[index]?.text ?? '', key));
  });
  return [...entries.filter(({ path, link }) => !link && path === PROJECT_FILE), ...concerned];
}

class NarrowWalk {
  readonly steps: Step[] = [];
  readonly #repository: Repository;
  readonly #table: FileTable;
  readonly #wanted: ReadonlySet<ObjectId>;
  /** All blobs that speak of the key, of today and of the past. */
  readonly #blobs: () => Promise<ReadonlySet<string>>;
  readonly #paths: Set<string>;
  readonly #met = new Set<string>();
  /** Changes of files that were followed already. */
  readonly #followed: FileChange[] = [];

  constructor(
    repository: Repository,
    table: FileTable,
    wanted: ReadonlySet<ObjectId>,
    blobs: () => Promise<ReadonlySet<string>>,
  ) {
    this.#repository = repository;
    this.#table = table;
    this.#wanted = wanted;
    this.#blobs = blobs;
    this.#paths = new Set(table.paths);
  }

  /** Walks to the beginning; `false` when the way is lost. */
  async back(from: string): Promise<boolean> {
    const paths = Array.from(this.#paths, literally);
    for await (const commit of this.#repository.walk({ from: [from], paths })) {
      const files = await choose(this.#table, commit.files, this.#wanted);
      if (files.length === 0) continue;
      const boundary = this.#repository.boundary.has(commit.oid);
      const parent = boundary ? undefined : commit.read().parents[0];
      if (parent !== undefined && (await findMove(this.#repository, commit.oid, files))) return false;
      const others = parent === undefined ? [] : await this.#othersBefore(files, parent);
      const moved = await this.#changesOf(commit, others);
      if (moved.length < others.length || !(await this.#haveMoved(moved, files))) return false;
      this.#followed.push(...files);
      await this.#step(commit, [...files, ...moved], boundary);
      if (moved.length > 0 && parent !== undefined) return this.back(parent);
    }
    return true;
  }

  async #step({ read }: WalkedCommit, files: readonly FileChange[], boundary: boolean): Promise<void> {
    const { prefix } = this.#repository;
    this.steps.push({ commit: read(), files, boundary, prefixBefore: prefix });
    for (const { before, after } of files) for (const oid of [before, after]) if (oid !== undefined) this.#met.add(oid);
    await this.#table.revert(files, prefix);
  }

  /** Have these files come to be those that are followed? Else they went on, or became something that is not known. */
  async #haveMoved(moved: readonly FileChange[], files: readonly FileChange[]): Promise<boolean> {
    const speaks = await this.#speaker();
    const kinds = files
      .filter(({ before, after }) => speaks(after) && !speaks(before))
      .map((file) => this.#kindOf(file));
    return moved.every((file) => {
      const place = kinds.indexOf(this.#kindOf(file));
      if (place >= 0) kinds.splice(place, 1);
      return place >= 0 && !speaks(file.after);
    });
  }

  /** Did a file that is followed speak of the key no more for a while? What it said may have stood elsewhere then. */
  async #hasLeft(): Promise<boolean> {
    const speaks = await this.#speaker();
    return this.#followed.some(({ before, after }) => speaks(before) && !speaks(after));
  }

  #kindOf({ path }: FileChange): string | undefined {
    return this.#table.kindOf(path);
  }

  async #speaker(): Promise<(oid: string | undefined) => boolean> {
    const blobs = await this.#blobs();
    return (oid) => oid !== undefined && blobs.has(oid);
  }

  /** Where a file begins to speak of the key: other files that did so at the commit before. */
  async #othersBefore(files: readonly FileChange[], parent: string): Promise<string[]> {
    const speaks = await this.#speaker();
    if (!files.some(({ before, after }) => speaks(after) && !speaks(before))) return [];
    const { prefix } = this.#repository;
    const entries = await this.#repository.listRevision(parent);
    const others = entries.filter(({ oid, link }) => !link && speaks(oid)).map(({ path }) => prefix + path);
    const found = others.filter((path) => this.#table.kindOf(path) !== undefined && !this.#paths.has(path));
    for (const path of found) this.#paths.add(path);
    return found;
  }

  async #changesOf({ oid }: WalkedCommit, paths: readonly string[]): Promise<readonly FileChange[]> {
    if (paths.length === 0) return [];
    const options = { from: [oid], paths: paths.map(literally), options: ['--max-count=1'] };
    for await (const commit of this.#repository.walk(options)) return commit.oid === oid ? commit.files : [];
    return [];
  }

  /** Has each of these blobs been met, or is it of another branch, and of the same files? */
  async accountsFor(blobs: readonly string[] | undefined, from: string): Promise<boolean> {
    if (blobs === undefined || (await this.#hasLeft())) return false;
    const left = blobs.filter((oid) => !this.#met.has(oid));
    if (left.length === 0) return true;
    const paths = [...this.#paths];
    const explained = await this.#repository.blobsUnder(paths, from, 'everywhere');
    if (!left.every((oid) => explained.has(oid))) return false;
    // What spoke of the key under a path that it had left by then has not been met, and does belong to its history.
    const passedBy = await this.#repository.blobsUnder(paths, from, 'first parents');
    return !left.some((oid) => passedBy.has(oid));
  }
}
