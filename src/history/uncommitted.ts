import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { kindOf } from '../project/kind.js';
import type { Repository } from '../sources/git.js';
import type { TreeEntry } from '../sources/git-tree.js';
import { parseYaml } from '../syntax/parse-yaml.js';
import type { SourceFile } from '../syntax/source-file.js';
import { keyOfFile } from './file-key.js';
import { inSlices, mapInSlices } from './slices.js';

/** How many files are looked at in one go. */
const AT_A_TIME = 100;

/** Keys of flags. */
export interface Uncommitted {
  /** There is no such flag in the commit. */
  readonly created: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
}

/**
 * The flags of which a working tree says something else than a commit does: comments, formatting and names of
 * files make no difference.
 *
 * @param files the flag repository as it stands
 */
export async function uncommittedFlags(
  repository: Repository,
  commit: string,
  files: readonly SourceFile[],
): Promise<Uncommitted> {
  const here = files.filter(({ path }) => concernsFlag(path));
  const there = (await repository.listRevision(commit)).filter(({ path, link }) => !link && concernsFlag(path));
  const [{ oid = '' } = {}] = there;
  const ids = new Map(
    await mapInSlices(here, AT_A_TIME, async (file) => [file, blobId(file.text, oid.length)] as const),
  );
  const known = new Set(there.map((entry) => entry.oid));
  const changed = here.filter((file) => !known.has(ids.get(file) ?? ''));
  const present = new Set(ids.values());
  const lost = await texts(
    repository,
    there.filter((entry) => !present.has(entry.oid)),
  );
  const differing = [...(await unmatched(changed, lost)), ...(await unmatched(lost, changed))];
  const before = new Set(lost.filter(isFlag).map(keyOf));
  const created = changed.filter((file) => isFlag(file) && !before.has(keyOf(file)));
  return { created: new Set(created.map(keyOf)), changed: new Set(differing.map(keyOf)) };
}

function isFlag({ path }: SourceFile): boolean {
  return kindOf(path) === 'flag';
}

function concernsFlag(path: string): boolean {
  const kind = kindOf(path);
  return kind === 'flag' || kind === 'override';
}

/** What git calls a file of this text. */
function blobId(text: string, length: number): string {
  const bytes = Buffer.from(text);
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function texts(repository: Repository, entries: readonly TreeEntry[]): Promise<SourceFile[]> {
  return mapInSlices(entries, AT_A_TIME, async ({ path, oid }) => ({ path, ...(await repository.readBlob(oid)) }));
}

/** Those with no counterpart that says the same. */
async function unmatched(files: readonly SourceFile[], others: readonly SourceFile[]): Promise<SourceFile[]> {
  const said = new Map<string, unknown[]>();
  for await (const some of inSlices(others, AT_A_TIME)) {
    for (const other of some) said.set(keyOf(other), [...(said.get(keyOf(other)) ?? []), dataOf(other)]);
  }
  const found: SourceFile[] = [];
  for await (const some of inSlices(files, AT_A_TIME)) {
    found.push(...some.filter((file) => !said.get(keyOf(file))?.some((data) => isDeepStrictEqual(data, dataOf(file)))));
  }
  return found;
}

function dataOf(file: SourceFile): unknown {
  return parseYaml(file).data;
}

function keyOf(file: SourceFile): string {
  return keyOfFile(file, kindOf(file.path) ?? 'flag');
}
