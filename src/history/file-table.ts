import { type FileKind, kindOf, PROJECT_FILE } from '../project/kind.js';
import type { FileChange } from '../sources/git-commits.js';
import type { BlobText } from '../sources/revision.js';
import { keyOfFile } from './file-key.js';
import { idOf, type ObjectId } from './object-id.js';

export type ReadBlob = (oid: string) => Promise<BlobText>;

/**
 * The files of the flags directory at one commit, by blob, and which object each speaks of. It goes back in time one
 * commit after the other. Paths are from the top of the repository.
 */
export class FileTable {
  readonly prefix: string;
  readonly #read: ReadBlob;
  readonly #blobs = new Map<string, string>();
  readonly #ids = new Map<string, ObjectId>();
  readonly #paths = new Map<ObjectId, Set<string>>();

  constructor(prefix: string, read: ReadBlob) {
    this.prefix = prefix;
    this.#read = read;
  }

  /** What a file is in a flag repository; `undefined`: nothing that has a history. */
  kindOf(path: string): FileKind | undefined {
    if (!path.startsWith(this.prefix)) return undefined;
    const kind = kindOf(path.slice(this.prefix.length));
    return kind === 'test' || isHidden(path.slice(this.prefix.length)) ? undefined : kind;
  }

  oidOf(path: string): string | undefined {
    return this.#blobs.get(path);
  }

  /** The files that speak of an object, sorted. */
  pathsOf(id: ObjectId): string[] {
    return [...(this.#paths.get(id) ?? [])].sort();
  }

  get ids(): Iterable<ObjectId> {
    return this.#paths.keys();
  }

  /** The object that a blob under this path speaks of. */
  async idOf(path: string, oid: string): Promise<ObjectId | undefined> {
    const kind = this.kindOf(path);
    if (kind === undefined) return undefined;
    if (kind === 'project') return idOf(kind, PROJECT_FILE);
    return idOf(kind, keyOfFile({ path, ...(await this.#read(oid)) }, kind));
  }

  /** The objects that a commit touches: what its files spoke of before, and what they speak of after. */
  async touched(files: readonly FileChange[]): Promise<Set<ObjectId>> {
    const sides = files.flatMap(({ path, before, after }) => [before, after].map((oid) => ({ path, oid })));
    const ids = await Promise.all(sides.map(({ path, oid }) => (oid === undefined ? undefined : this.idOf(path, oid))));
    return new Set(ids.filter((id) => id !== undefined));
  }

  async set(path: string, oid: string | undefined): Promise<void> {
    this.#drop(path);
    const id = oid === undefined ? undefined : await this.idOf(path, oid);
    if (oid === undefined || id === undefined) return;
    this.#blobs.set(path, oid);
    this.#ids.set(path, id);
    this.#paths.set(id, (this.#paths.get(id) ?? new Set()).add(path));
  }

  /** Undoes what a commit did. */
  async revert(files: readonly FileChange[]): Promise<void> {
    for (const { path, before } of files) await this.set(path, before);
  }

  #drop(path: string): void {
    const id = this.#ids.get(path);
    if (id === undefined) return;
    const paths = this.#paths.get(id);
    paths?.delete(path);
    if (paths?.size === 0) this.#paths.delete(id);
    this.#ids.delete(path);
    this.#blobs.delete(path);
  }
}

/** Below a folder that a flag repository passes over. */
function isHidden(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  return folders.some((name) => name.startsWith('.') || name === 'node_modules');
}
