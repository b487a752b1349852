import { Refusal } from '../../diagnostics/refusal.js';
import { flagsAt } from '../../history/place.js';
import { openRepository, type Repository } from '../../sources/git.js';
import type { Commit } from '../../sources/git-commits.js';
import { fetchedRef, fetchRef } from '../../sources/git-fetch.js';
import { shallowRefusal } from '../../sources/git-revisions.js';
import type { Environment } from '../../sources/git-settings.js';
import { watchRefs } from '../../sources/watch-refs.js';
import type { SourceFile } from '../../syntax/source-file.js';
import { filesAfter, type Line, lengthOf, lineBetween } from './line.js';
import type { Candidate, FlagSource } from './source.js';
import { TouchLog } from './touches.js';

export interface GitSourceOptions {
  /** A directory in a working tree, or a bare repository. */
  readonly root: string;
  /** A branch, tag or commit; of the remote, where there is one. */
  readonly ref: string;
  /** The name of a remote, or a URL. */
  readonly remote?: string;
  /** milliseconds after which a remote that does not answer is given up */
  readonly timeout: number;
  readonly environment: Environment;
}

/** Flags as they stand in the commit that a ref points to; never read from files. */
export function gitSource(options: GitSourceOptions): FlagSource {
  const repository = opened(options);
  const touchLog = new TouchLog();
  let last: Candidate | undefined;
  /** The way that led to the last one. */
  let line: Line | undefined;

  async function newest(): Promise<Candidate> {
    try {
      return await newestIn(await repository.open());
    } catch (error) {
      repository.forget();
      throw error;
    }
  }

  async function newestIn(opened: Repository): Promise<Candidate> {
    const commit = await headOf(opened, options);
    if (last?.revision.version === commit) return last;
    const way = last === undefined ? undefined : await lineBetween(opened, last.revision.version, commit);
    last = (last && way && (await candidateAfter(opened, last, way))) ?? (await candidateAt(opened, commit));
    line = way;
    return last;
  }

  async function descends(before: string, after: string): Promise<boolean> {
    if (line?.from === before && line.to === after) return true;
    return (await repository.open()).isAncestor(before, after);
  }

  async function load(position: Candidate['position'], served: string): Promise<Candidate | undefined> {
    try {
      const opened = await repository.open();
      const commit = await opened.resolve(position.history);
      const isThat = commit.startsWith(position.history) && (await opened.isAncestor(commit, served));
      if (!isThat) return undefined;
      const candidate = await candidateAt(opened, commit);
      return candidate.position.height === position.height ? candidate : undefined;
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  return {
    origin: 'git',
    newest,
    older: async function* ({ revision }) {
      const opened = await repository.open();
      for await (const commit of parentsOfTouching(opened, revision.version)) {
        yield await candidateAt(opened, commit);
      }
    },
    descends,
    load,
    touches: async (version) => touchLog.at(await repository.open(), version, line),
    ...fetching(options),
    watch: async (handlers) => {
      const watching = await watchRefs(await repository.open(), handlers);
      return () => watching.close();
    },
    close: repository.forget,
  };
}

function fetching(options: GitSourceOptions): Pick<FlagSource, 'fetch'> {
  return options.remote === undefined ? {} : { fetch: () => fetchInto(options) };
}

/**
 * Opened when first needed. One that is not there for the moment is tried again, and one that cannot be read is
 * forgotten: another may stand in its place, which a git that was started in the old one never sees.
 */
function opened(options: GitSourceOptions): { open(): Promise<Repository>; forget(): void } {
  let repository: Promise<Repository> | undefined;
  return {
    open: () => {
      repository ??= openWhole(options).catch((error) => {
        repository = undefined;
        throw error;
      });
      return repository;
    },
    forget: () => {
      void repository?.then((found) => found.close()).catch(() => undefined);
      repository = undefined;
    },
  };
}

/** Heights and ancestors need the whole history. */
async function openWhole(options: GitSourceOptions): Promise<Repository> {
  const { root, environment, remote } = options;
  const repository = await openRepository(root, environment);
  if (repository.boundary.size === 0) return repository;
  repository.close();
  if (remote !== undefined) await fetchInto(options, true);
  const whole = await openRepository(root, environment);
  if (whole.boundary.size === 0) return whole;
  whole.close();
  throw shallowRefusal('a shallow clone cannot be served: it does not know which commits came before');
}

async function fetchInto(options: GitSourceOptions, unshallow = false): Promise<void> {
  const { root, ref, remote = '', timeout, environment } = options;
  await fetchRef({ directory: root, remote, ref, into: fetchedRef(remote, ref), timeout, unshallow }, environment);
}

/** Before a first fetch has succeeded, what the clone knows of the remote must do. */
async function headOf(repository: Repository, options: GitSourceOptions): Promise<string> {
  const { remote, ref } = options;
  if (remote === undefined) return repository.resolve(ref);
  try {
    return await repository.resolve(fetchedRef(remote, ref));
  } catch {
    return repository.resolve(`refs/remotes/${remote}/${ref}`);
  }
}

async function candidateAt(repository: Repository, oid: string): Promise<Candidate> {
  const place = await flagsAt(repository, oid);
  const [files, commit, height] = await Promise.all([
    place.readRevision(oid),
    repository.commit(oid),
    repository.count(oid),
  ]);
  return candidateOf(files, commit, height);
}

/** `undefined`: only reading everything tells what the files are. */
async function candidateAfter(repository: Repository, known: Candidate, line: Line): Promise<Candidate | undefined> {
  const place = await flagsAt(repository, line.to);
  const files = await filesAfter(place, known.files, line);
  const [head] = line.commits;
  if (files === undefined || head === undefined) return undefined;
  const more = lengthOf(line) ?? (await repository.count(line.to, line.from));
  return candidateOf(files, head.read(), known.position.height + more);
}

function candidateOf(files: readonly SourceFile[], commit: Commit, height: number): Candidate {
  const { oid, author, message, committed } = commit;
  const revision = { version: oid, author: author.name, message, at: new Date(committed).toISOString() };
  return { files, revision, position: { height, history: oid.slice(0, 12) } };
}

/** Only a commit that touches flags can mend them: of each that does, the one before. Along first parents. */
async function* parentsOfTouching(repository: Repository, from: string): AsyncGenerator<string> {
  const { prefix } = await flagsAt(repository, from);
  for await (const commit of repository.walk({ from: [from], paths: prefix === '' ? [] : [prefix] })) {
    const [parent] = commit.read().parents;
    if (parent !== undefined) yield parent;
  }
}
