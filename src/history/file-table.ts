import { type FileKind, kindOf } from '../project/kind.js';
import type { FileChange } from '../sources/git-commits.js';
import type { BlobText } from '../sources/revision.js';
import { keyOfFile, mayConcern } from './file-key.js';
import { idOf, type ObjectId, PROJECT_ID } from './object-id.js';
import { mapInSlices } from './slices.js';

/** How many files are looked at in one go: a few milliseconds. */
export const AT_A_TIME = 100;

export type ReadBlob = (oid: string) => Promise<BlobText>;

/** An object that has files of its own, by what its files are. */
interface Placed {
  readonly id: ObjectId;
  readonly oid: string;
}

/**
 * The files of the flags directory at one commit, by blob, and which object each speaks of. It goes back in time one
 * commit after the other. Paths are from the top of the repository.
 */
export class FileTable {
  readonly #read: ReadBlob;
  #prefix: string;
  readonly #files = new Map<string, Placed>();
  readonly #paths = new Map<ObjectId, Set<string>>();
  readonly #groups = new Set<string>();

  constructor(prefix: string, read: ReadBlob) {
    this.#prefix = prefix;
    this.#read = read;
  }

  /** The flags directory from the top of the repository, with `/` at the end. */
  get prefix(): string {
    return this.#prefix;
  }

  /** What a file is in a flag repository; `undefined`: nothing that has a history. */
  kindOf(path: string, prefix: string = this.#prefix): FileKind | undefined {
    if (!path.endsWith('.yaml') || !path.startsWith(prefix)) return undefined;
    const below = path.slice(prefix.length);
    const kind = kindOf(below);
    return kind === 'test' || isHidden(below) ? undefined : kind;
  }

  oidOf(path: string): string | undefined {
    return this.#files.get(path)?.oid;
  }

  /** The object that the file under this path speaks of. */
  knownId(path: string): ObjectId | undefined {
    return this.#files.get(path)?.id;
  }

  /** The files that speak of an object, sorted. */
  pathsOf(id: ObjectId): string[] {
    return [...(this.#paths.get(id) ?? [])].sort();
  }

  /** The files of all groups. */
  get groups(): Iterable<string> {
    return this.#groups;
  }

  get ids(): Iterable<ObjectId> {
    return this.#paths.keys();
  }

  /** The files that speak of any object. */
  get paths(): Iterable<string> {
    return this.#files.keys();
  }

  /** The object that a blob under this path speaks of. */
  async idOf(path: string, oid: string, prefix: string = this.#prefix): Promise<ObjectId | undefined> {
    const kind = this.kindOf(path, prefix);
    if (kind === undefined || kind === 'project') return kind && PROJECT_ID;
    return idOf(kind, keyOfFile({ path, ...(await this.#read(oid)) }, kind));
  }

  /** Does a blob of a group give a flag a slot, as far as can be seen? */
  async mayGiveSlot(oid: string, flag: string): Promise<boolean> {
    return mayConcern((await this.#read(oid)).text, flag);
  }

  /** The objects that a commit touches: what its files spoke of before, and what they speak of after. */
  async touched(files: readonly FileChange[], prefixBefore: string = this.#prefix): Promise<Set<ObjectId>> {
    const ids = await mapInSlices(files, AT_A_TIME, ({ path, before, after }) =>
      Promise.all([
        before === undefined ? undefined : this.idOf(path, before, prefixBefore),
        after === undefined ? undefined : this.idOf(path, after),
      ]),
    );
    return new Set(ids.flat().filter((id) => id !== undefined));
  }

  async set(path: string, oid: string | undefined): Promise<void> {
    const id = oid === undefined ? undefined : await this.idOf(path, oid);
    this.#drop(path);
    if (oid === undefined || id === undefined) return;
    this.#files.set(path, { id, oid });
    const paths = this.#paths.get(id);
    if (paths === undefined) this.#paths.set(id, new Set([path]));
    else paths.add(path);
    if (id.startsWith('group:')) this.#groups.add(path);
  }

  /** Undoes what a commit did. */
  async revert(files: readonly FileChange[], prefixBefore: string = this.#prefix): Promise<void> {
    this.#prefix = prefixBefore;
    await mapInSlices(files, AT_A_TIME, ({ path, before }) => this.set(path, before));
  }

  #drop(path: string): void {
    const id = this.knownId(path);
    if (id === undefined) return;
    const paths = this.#paths.get(id);
    paths?.delete(path);
    if (paths?.size === 0) this.#paths.delete(id);
    this.#files.delete(path);
    this.#groups.delete(path);
  }
}

/** Below a folder that a flag repository passes over. */
function isHidden(path: string): boolean {
  return /(^|\/)(\.[^/]*|node_modules)\//.test(path);
}
