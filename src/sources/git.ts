import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import type { SourceFile } from '../syntax/source-file.js';
import { type BlobReader, blobReader } from './git-blobs.js';
import { type Branch, currentBranch, defaultBranch, isAncestor } from './git-branches.js';
import {
  type Commit,
  type DatedCommit,
  type WalkedCommit,
  type WalkOptions,
  walkCommits,
  walkDates,
} from './git-commits.js';

export type { Branch } from './git-branches.js';

import { type GitReader, gitReader } from './git-process.js';
import { mergeBase, resolveRevision } from './git-revisions.js';
import { blobsUnder, blobsWith, filesWith, type Whereabouts } from './git-search.js';
import type { Environment } from './git-settings.js';
import { readSignatures, type SignatureStatus } from './git-signatures.js';
import { findFile, listTree, type TreeEntry } from './git-tree.js';
import { packing } from './packed-refs.js';
import { type BlobText, type RevisionReader, revisionReader } from './revision.js';

/** The oldest git that has all that is used here (`--diff-merges`). */
const OLDEST: readonly [number, number] = [2, 31];

/** A git repository, to be read. A commit is given by its full id; `resolve` tells it from a name. */
export interface Repository {
  /** The top of the working tree; the repository itself when it is bare. */
  readonly root: string;
  readonly gitDirectory: string;
  /** Where the refs are: other working trees share it. */
  readonly commonDirectory: string;
  readonly bare: boolean;
  /** The flags directory from the top, with `/` at the end; empty when it is the top. */
  readonly prefix: string;
  /** Commits whose parents a shallow clone has left out; empty when nothing is missing. */
  readonly boundary: ReadonlySet<string>;
  /** The same repository with its flags elsewhere. */
  at(prefix: string): Repository;
  resolve(revision: string): Promise<string>;
  commit(commit: string): Promise<Commit>;
  /** The files of the flags directory as they were; none when it was not there. */
  readRevision(commit: string): Promise<SourceFile[]>;
  /** Their names and blobs, without reading them. */
  listRevision(commit: string): Promise<TreeEntry[]>;
  /** The blob of one file of the flags directory; `undefined`: there was no such file. */
  findFile(commit: string, path: string): Promise<string | undefined>;
  /** Was there such a file, or folder, in the flags directory? */
  holds(commit: string, path: string): Promise<boolean>;
  readBlob(oid: string): Promise<BlobText>;
  /** The files of the flags directory in which this text occurs, as paths from the top of the repository. */
  filesWith(commit: string, text: string): Promise<string[]>;
  /**
   * All blobs of at most 1 MiB that there are, on whatever branch or on none, in which one of these texts occurs;
   * `undefined`: there are too many objects to look at, or not all of them are here.
   */
  blobsWith(texts: readonly string[], except: ReadonlySet<string>): Promise<string[] | undefined>;
  /** All blobs that stood under these paths (from the top): before `commit`, or wherever a ref or a reflog leads too. */
  blobsUnder(paths: readonly string[], commit: string, whereabouts: Whereabouts): Promise<Set<string>>;
  /** What stood in a file of the flags directory, of whatever size. @throws Refusal when there was none */
  streamFile(commit: string, path: string): AsyncGenerator<Uint8Array>;
  walk(options: WalkOptions): AsyncGenerator<WalkedCommit>;
  /** The commit and those before it along first parents, newest first, without their files. */
  dates(commit: string): AsyncGenerator<DatedCommit>;
  /** How many commits lead to `commit`, itself included; those that lead to `except` are not counted. */
  count(commit: string, except?: string): Promise<number>;
  mergeBase(one: string, other: string): Promise<string>;
  isAncestor(before: string, after: string): Promise<boolean>;
  defaultBranch(): Promise<Branch>;
  currentBranch(): Promise<string | undefined>;
  signatures(commits: readonly string[]): Promise<Map<string, SignatureStatus>>;
  /** Ends the git that may run in the background. Reading again starts it again. */
  close(): void;
}

/**
 * The repository that holds `directory`: a flags directory in a working tree (a linked one or a submodule too), or
 * a bare repository.
 *
 * @throws Refusal when there is none, or when git is missing, too old or unwilling
 */
export async function openRepository(directory: string, environment: Environment): Promise<Repository> {
  const here = gitReader(directory, environment);
  const [place] = await Promise.all([locate(here), refuseOldGit(here)]);
  const git = gitReader(place.root, environment);
  const objects = blobReader(git);
  const repacked = packing(place.commonDirectory);
  const boundary = await readBoundary(place);
  return repository({ ...place, git, objects, reader: revisionReader(objects), boundary, repacked });
}

/** Opens a repository for the time of `use`. */
export async function withRepository<T>(
  directory: string,
  environment: Environment,
  use: (repository: Repository) => Promise<T>,
): Promise<T> {
  const opened = await openRepository(directory, environment);
  try {
    return await use(opened);
  } finally {
    opened.close();
  }
}

interface Place {
  readonly root: string;
  readonly gitDirectory: string;
  readonly commonDirectory: string;
  readonly bare: boolean;
  readonly prefix: string;
}

interface Parts extends Place {
  readonly git: GitReader;
  readonly objects: BlobReader;
  readonly reader: RevisionReader;
  readonly boundary: ReadonlySet<string>;
  readonly repacked: () => Promise<boolean>;
}

function repository(parts: Parts): Repository {
  const { git, objects, reader, prefix } = parts;
  const listRevision = (commit: string) => listTree(git, commit, prefix);
  return {
    ...parts,
    at: (other) => repository({ ...parts, prefix: other }),
    resolve: (revision) => resolveRevision(parts, revision),
    commit: (commit) => readCommit(git, commit),
    readRevision: async (commit) => reader.files(await listRevision(commit)),
    listRevision,
    findFile: (commit, path) => findFile(git, commit, prefix + path),
    holds: (commit, path) => holds(parts, commit, prefix + path),
    readBlob: (oid) => reader.text(oid),
    filesWith: (commit, text) => filesWith(git, commit, prefix, text),
    blobsWith: async (texts, except) => ((await lacksObjects(parts)) ? undefined : blobsWith(git, texts, except)),
    blobsUnder: (paths, commit, whereabouts) => blobsUnder(git, paths, commit, whereabouts),
    streamFile: (commit, path) => git.stream(['cat-file', 'blob', `${commit}:${prefix}${path}`]),
    walk: (options) => walkCommits(git, options),
    dates: (commit) => walkDates(git, commit),
    count: (commit, except) => countCommits(git, commit, except),
    mergeBase: (one, other) => mergeBase(parts, one, other),
    isAncestor: (before, after) => isAncestor(git, before, after),
    defaultBranch: () => defaultBranch(git),
    currentBranch: () => currentBranch(git),
    signatures: (commits) => readSignatures(git, objects, commits),
    close: () => objects.close(),
  };
}

async function countCommits(git: GitReader, commit: string, except: string | undefined): Promise<number> {
  const without = except === undefined ? [] : [`^${except}`];
  return Number(await git.run(['rev-list', '--count', '--end-of-options', commit, ...without, '--']));
}

async function refuseOldGit(git: GitReader): Promise<void> {
  const text = await git.read(['version']);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const [oldestMajor, oldestMinor] = OLDEST;
  if (Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor)) return;
  throw new Refusal('git-too-old', `git ${major}.${minor} is too old`, {
    help: `install git ${OLDEST.join('.')} or later`,
  });
}

async function locate(git: GitReader): Promise<Place> {
  const questions = ['--is-bare-repository', '--absolute-git-dir', '--git-common-dir', '--is-inside-work-tree'];
  const answers = (await git.read(['rev-parse', ...questions, '--show-prefix', '--show-cdup'])).split('\n');
  const [bare, gitDirectory = '', common = '', inside, prefix = '', up = ''] = answers;
  const place = { gitDirectory, commonDirectory: resolve(git.directory, common), bare: bare === 'true' };
  if (inside !== 'true') return { ...place, root: gitDirectory, prefix: '' };
  return { ...place, root: resolve(await realpath(git.directory), up), prefix };
}

async function holds({ git, objects }: Parts, commit: string, path: string): Promise<boolean> {
  if (!path.includes('\n')) return (await objects.find(`${commit}:${path}`)) !== undefined;
  return (await git.read(['ls-tree', '--full-tree', commit, '--', path])) !== '';
}

/** git writes one id a line into the file `shallow`. */
async function readBoundary({ commonDirectory }: Place): Promise<ReadonlySet<string>> {
  const text = await readFile(join(commonDirectory, 'shallow'), 'latin1').catch(() => '');
  return new Set(text.split('\n').filter((line) => line !== ''));
}

/** Do other repositories lend this one objects, or is it a partial clone? */
async function lacksObjects({ commonDirectory }: Place): Promise<boolean> {
  const [lenders, packs] = await Promise.all([
    readFile(join(commonDirectory, 'objects/info/alternates'), 'latin1').catch(() => ''),
    readdir(join(commonDirectory, 'objects/pack')).catch(() => []),
  ]);
  return lenders.trim() !== '' || packs.some((name) => name.endsWith('.promisor'));
}

async function readCommit(git: GitReader, oid: string): Promise<Commit> {
  for await (const commit of walkCommits(git, { from: [oid], options: ['--max-count=1'] })) return commit.read();
  throw new Refusal('unknown-revision', `there is no commit \`${oid}\``);
}
