import type { GitReader } from './git-process.js';

/** One file of a tree. `path` is relative to the flags directory, with `/`. */
export interface TreeEntry {
  readonly path: string;
  /** The id of the blob: equal ids, equal bytes. */
  readonly oid: string;
  /** A symbolic link's blob holds the path it leads to. */
  readonly link: boolean;
}

/**
 * The YAML files of a folder of a commit, sorted by path, and the symbolic links; none where there is no such folder.
 * As in a directory, folders whose name begins with a dot and `node_modules` are left out; submodules are
 * repositories of their own and left out too.
 */
export async function listTree(git: GitReader, commit: string, prefix: string): Promise<TreeEntry[]> {
  const folder = prefix === '' ? [] : ['--', prefix];
  const output = await git.read(['ls-tree', '-r', '-z', '--full-tree', commit, ...folder]);
  const entries = output.split('\0').flatMap((line) => parseEntry(line, prefix.length));
  return entries.filter(({ path, link }) => isListed(path, link)).sort(byPath);
}

/** The blob of one file of a commit, by its path from the top; `undefined`: there is no such file. */
export async function findFile(git: GitReader, commit: string, path: string): Promise<string | undefined> {
  const [entry] = parseEntry(await git.read(['ls-tree', '-z', '--full-tree', commit, '--', path]), 0);
  return entry?.link === false ? entry.oid : undefined;
}

/** `MODE TYPE OID\tPATH` */
function parseEntry(line: string, above: number): TreeEntry[] {
  const tab = line.indexOf('\t');
  const type = line.indexOf(' ') + 1;
  if (tab < 0 || !line.startsWith('blob ', type)) return [];
  return [
    { path: line.slice(tab + 1 + above), oid: line.slice(type + 'blob '.length, tab), link: line.startsWith('120000') },
  ];
}

/** Is this file, by its path from the flags directory, one that `listTree` gives? */
export function isListed(path: string, link: boolean): boolean {
  return isVisible(path) && (link || isYaml(path));
}

function isVisible(path: string): boolean {
  return !/(?:^|\/)(?:\.[^/]*|node_modules)\//.test(path);
}

/** Does the name of this file say that it holds YAML? */
function isYaml(path: string): boolean {
  return path.endsWith('.yaml') || path.endsWith('.yml');
}

function byPath(a: TreeEntry, b: TreeEntry): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
