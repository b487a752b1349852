import { isUtf8 } from 'node:buffer';
import { type Dirent, readFile, stat } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { Refusal } from '../diagnostics/refusal.js';
import { kindOf } from '../project/kind.js';
import type { SourceFile } from '../syntax/source-file.js';

/** Files above this size (1 MiB) are not read. */
const LIMIT = 1024 * 1024;

/** How many files are open at a time. */
const AT_A_TIME = 64;

// With thousands of small files these take less than half the time of their namesakes in node:fs/promises.
const readBytes = promisify(readFile);
const statOf = promisify(stat);

/**
 * The files of the flag repository in `root`, sorted by path. Read are those whose name says what they hold; any
 * other YAML file is there by its path alone. Left out are names that begin with a dot, `node_modules` and nested
 * git repositories. Links are followed, each real file is read once (under its own path rather than a link's, which
 * makes a Kubernetes ConfigMap mount work), and what cannot be read says so in `problem`.
 *
 * @throws Refusal when a directory cannot be read: half of the flags must not pass for all of them
 */
export async function readDirectory(root: string): Promise<SourceFile[]> {
  const found = await findFiles(root);
  const files: SourceFile[] = [];
  for (let start = 0; start < found.length; start += AT_A_TIME) {
    const batch = found.slice(start, start + AT_A_TIME);
    files.push(...(await Promise.all(batch.map(([path, real]) => readSource(path, real)))));
  }
  return files;
}

interface Walk {
  /** The root without links, and so the beginning of every path found directly. */
  readonly root: string;
  /** Path relative to the root, with `/`, to the real path; `undefined` where there is no file behind the name. */
  readonly found: Map<string, string | undefined>;
  /** Real paths of directories and files. */
  readonly visited: Set<string>;
  readonly links: string[];
}

async function findFiles(root: string): Promise<[path: string, real: string | undefined][]> {
  const real = await realDirectory(root);
  const walk: Walk = { root: real, found: new Map(), visited: new Set(), links: [] };
  await visit(walk, '', real, await list(real));
  walk.links.sort();
  for (const link of walk.links) await followLink(walk, link);
  return [...walk.found].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function realDirectory(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (cause) {
    throw new Refusal('not-found', `there is no directory \`${root}\``, { cause });
  }
}

async function list(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR') throw new Refusal('not-a-directory', `\`${directory}\` is not a directory`, { cause });
    throw new Refusal('unreadable', `cannot read the directory \`${directory}\` (${code})`, { cause });
  }
}

/** Notes the YAML files of a directory and of those below it; links wait until all that is direct is known. */
async function visit(walk: Walk, path: string, real: string, entries: readonly Dirent[]): Promise<void> {
  walk.visited.add(real);
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isSymbolicLink()) walk.links.push(below);
    else if (entry.isDirectory()) await enter(walk, below, join(real, entry.name));
    else if (isYaml(entry.name)) addFile(walk, below, entry.isFile() ? join(real, entry.name) : undefined);
  }
}

async function enter(walk: Walk, path: string, real: string): Promise<void> {
  const entries = await list(real);
  if (!entries.some((entry) => entry.name === '.git')) await visit(walk, path, real, entries);
}

function addFile(walk: Walk, path: string, real: string | undefined): void {
  walk.found.set(path, real);
  if (real !== undefined) walk.visited.add(real);
}

/** A link to what has been seen, or to a directory that holds the root, leads nowhere new. */
async function followLink(walk: Walk, link: string): Promise<void> {
  const { real, kind } = await targetOf(join(walk.root, link));
  if (real !== undefined && walk.visited.has(real)) return;
  if (kind !== 'directory') {
    if (isYaml(link)) addFile(walk, link, kind === 'file' ? real : undefined);
  } else if (!contains(real, walk.root)) {
    await enter(walk, link, real);
  }
}

type Target =
  | { readonly real: string; readonly kind: 'file' | 'directory' }
  | { readonly real?: never; readonly kind: 'none' };

async function targetOf(link: string): Promise<Target> {
  try {
    const real = await realpath(link);
    const stats = await statOf(real);
    if (stats.isDirectory()) return { real, kind: 'directory' };
    return stats.isFile() ? { real, kind: 'file' } : { kind: 'none' };
  } catch {
    return { kind: 'none' };
  }
}

function contains(directory: string, path: string): boolean {
  return directory === path || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

function isYaml(name: string): boolean {
  return name.endsWith('.yaml') || name.endsWith('.yml');
}

async function readSource(path: string, real: string | undefined): Promise<SourceFile> {
  if (kindOf(path) === undefined) return { path, text: '' };
  if (real === undefined) return { path, text: '', problem: 'unreadable' };
  try {
    const { size } = await statOf(real);
    return size > LIMIT ? { path, text: '', problem: 'too-large' } : decode(path, await readBytes(real));
  } catch {
    return { path, text: '', problem: 'unreadable' };
  }
}

/** A byte order mark stays in the text: it is the parser's to refuse. */
function decode(path: string, bytes: Buffer): SourceFile {
  return isUtf8(bytes) ? { path, text: bytes.toString('utf8') } : { path, text: '', problem: 'not-utf8' };
}
