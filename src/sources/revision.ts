import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { kindOf } from '../project/kind.js';
import type { SourceFile } from '../syntax/source-file.js';
import type { BlobReader, ObjectBytes } from './git-blobs.js';
import type { TreeEntry } from './git-tree.js';

/** How much text is kept for the next revision; characters. */
const KEPT = 128 * 1024 * 1024;

/** What a blob says, without the path under which it says so. */
export type BlobText = Pick<SourceFile, 'text' | 'problem'>;

/** Reads the files of revisions; a blob that several revisions share is read once, and gives the same string. */
export interface RevisionReader {
  files(entries: readonly TreeEntry[]): Promise<SourceFile[]>;
  text(oid: string): Promise<BlobText>;
}

export function revisionReader(objects: BlobReader): RevisionReader {
  const texts = new TextCache();
  const text = (oid: string) => texts.get(oid) ?? texts.set(oid, objects.read(oid).then(decode));
  return { text, files: (entries) => readFiles(entries, text) };
}

/**
 * The files of one revision, as `readDirectory` would give them. Links are not followed: one that leads to a file
 * of the same revision is left out, since that file is read under its own path; any other is `unreadable`.
 */
async function readFiles(
  entries: readonly TreeEntry[],
  text: (oid: string) => Promise<BlobText>,
): Promise<SourceFile[]> {
  const paths = new Set(entries.map(({ path }) => path));
  const files = await Promise.all(entries.map((entry) => readFile(entry, paths, text)));
  return files.filter((file) => file !== undefined);
}

async function readFile(
  entry: TreeEntry,
  paths: ReadonlySet<string>,
  text: (oid: string) => Promise<BlobText>,
): Promise<SourceFile | undefined> {
  const { path, oid, link } = entry;
  if (link) return readLink(path, paths, (await text(oid)).text);
  if (kindOf(path) === undefined) return { path, text: '' };
  return { path, ...(await text(oid)) };
}

function readLink(path: string, paths: ReadonlySet<string>, target: string): SourceFile | undefined {
  if (kindOf(path) === undefined || paths.has(posix.join(posix.dirname(path), target))) return undefined;
  return { path, text: '', problem: 'unreadable' };
}

/** A byte order mark stays in the text: it is the parser's to refuse. */
function decode(bytes: ObjectBytes): BlobText {
  if (bytes === 'too-large') return { text: '', problem: bytes };
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { text: '', problem: 'not-utf8' };
}

/** Texts by blob id; what was not asked for longest is forgotten first. */
class TextCache {
  readonly #texts = new Map<string, Promise<BlobText>>();
  readonly #sizes = new Map<string, number>();
  #total = 0;

  get(oid: string): Promise<BlobText> | undefined {
    const found = this.#texts.get(oid);
    if (found !== undefined) {
      this.#texts.delete(oid);
      this.#texts.set(oid, found);
    }
    return found;
  }

  set(oid: string, text: Promise<BlobText>): Promise<BlobText> {
    this.#texts.set(oid, text);
    text.then(
      (read) => this.#weigh(oid, read.text.length),
      () => this.#texts.delete(oid),
    );
    return text;
  }

  #weigh(oid: string, size: number): void {
    this.#sizes.set(oid, size);
    this.#total += size;
    for (const oldest of this.#texts.keys()) {
      if (this.#total <= KEPT) return;
      this.#total -= this.#sizes.get(oldest) ?? 0;
      this.#sizes.delete(oldest);
      this.#texts.delete(oldest);
    }
  }
}
