import { kindOf } from '../project/kind.js';
import type { SourceFile } from '../syntax/source-file.js';
import type { Repository } from './git.js';

/** Files by their paths as they are now; `undefined`: it is gone. */
export type FileChanges = ReadonlyMap<string, SourceFile | undefined>;

/** A file of a revision by its blob, as `readRevision` would give it; `undefined` stays what it is. */
export async function fileOf(
  repository: Pick<Repository, 'readBlob'>,
  path: string,
  oid: string | undefined,
): Promise<SourceFile | undefined> {
  if (oid === undefined) return undefined;
  return { path, ...(kindOf(path) === undefined ? { text: '' } : await repository.readBlob(oid)) };
}

/** The files with some of them changed. @param files sorted by path, as is what comes of them */
export function withChanges(files: readonly SourceFile[], changes: FileChanges): SourceFile[] {
  const kept = files.filter(({ path }) => !changes.has(path));
  const added = [...changes.values()].filter((file) => file !== undefined).sort(byPath);
  return added.length === 0 ? kept : merged(kept, added);
}

/** Two sorted lists as one. */
function merged(files: readonly SourceFile[], added: readonly SourceFile[]): SourceFile[] {
  const all: SourceFile[] = [];
  let next = 0;
  for (const file of files) {
    for (let one = added[next]; one !== undefined && byPath(one, file) < 0; one = added[++next]) all.push(one);
    all.push(file);
  }
  return [...all, ...added.slice(next)];
}

function byPath(a: SourceFile, b: SourceFile): number {
  return a.path < b.path ? -1 : 1;
}
