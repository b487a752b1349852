import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** One commit of a repository for a test. */
export interface CommitLiteral {
  /** Path to text; `null` removes the file. What is not named stays. */
  readonly files?: Readonly<Record<string, string | Buffer | null>>;
  readonly message?: string;
  /** `Ada <ada@example.com>` */
  readonly author?: string;
  /** Author's and committer's date; an hour after the commit before, if left out. */
  readonly at?: string;
  /** Stand on this branch first; it begins where the repository stands when it is new. */
  readonly on?: string;
  /** A merge commit that brings this branch in; where the two conflict, `files` settles it. */
  readonly merge?: string;
}

/** A real repository in a temporary directory, away from the user's own configuration. */
export interface TestRepository {
  readonly dir: string;
  /** What to give to whatever runs git here. */
  readonly environment: Readonly<Record<string, string>>;
  /** The ids of all commits made so far, oldest first. */
  readonly commits: readonly string[];
  path(...names: readonly string[]): string;
  /** Runs git; gives what it prints, without the last line end. */
  git(...args: readonly string[]): Promise<string>;
  /** Writes files without committing them. */
  write(files: Readonly<Record<string, string | Buffer | null>>): Promise<void>;
  /** Makes a commit; gives its id. */
  commit(literal: CommitLiteral): Promise<string>;
  remove(): Promise<void>;
}

const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;

/** Makes a repository with these commits, on the branch `main`. */
export async function makeRepository(literals: readonly CommitLiteral[] = []): Promise<TestRepository> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'flagstaff-git-')));
  const dir = join(home, 'repository');
  await mkdir(dir);
  const environment = isolated(home);
  const repository = testRepository(home, dir, environment);
  await repository.git('init', '--quiet', '--initial-branch=main');
  for (const literal of literals) await repository.commit(literal);
  return repository;
}

function isolated(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_COMMITTER_NAME: 'Committer',
    GIT_COMMITTER_EMAIL: 'committer@example.com',
    GIT_AUTHOR_NAME: 'Author',
    GIT_AUTHOR_EMAIL: 'author@example.com',
  };
}

function testRepository(home: string, dir: string, environment: Record<string, string>): TestRepository {
  const commits: string[] = [];
  const git = (...args: readonly string[]) => runGit(dir, environment, args);
  const write = (files: NonNullable<CommitLiteral['files']>) => writeFiles(dir, files);
  let clock = START - HOUR;
  const commit = async (literal: CommitLiteral) => {
    clock = literal.at === undefined ? clock + HOUR : Date.parse(literal.at);
    const dated = { ...environment, ...authorOf(literal), ...datesOf(clock) };
    await standOn(git, literal.on);
    await makeCommit(literal, write, (...args) => runGit(dir, dated, args));
    const oid = await git('rev-parse', 'HEAD');
    commits.push(oid);
    return oid;
  };
  const path = (...names: readonly string[]) => join(dir, ...names);
  return {
    dir,
    environment,
    commits,
    path,
    git,
    write,
    commit,
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

type RunGit = (...args: readonly string[]) => Promise<string>;

async function standOn(git: RunGit, branch: string | undefined): Promise<void> {
  if (branch === undefined || (await git('branch', '--show-current')) === branch) return;
  const known = (await git('branch', '--list', branch)) !== '';
  await git('checkout', '--quiet', ...(known ? [branch] : ['-b', branch]));
}

async function makeCommit(literal: CommitLiteral, write: TestRepository['write'], git: RunGit): Promise<void> {
  const message = literal.message ?? 'a commit';
  if (literal.merge !== undefined) await merge(literal.merge, literal.files !== undefined, git);
  await write(literal.files ?? {});
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--cleanup=verbatim', '-m', message);
}

async function merge(branch: string, settled: boolean, git: RunGit): Promise<void> {
  const merging = git('merge', '--quiet', '--no-ff', '--no-commit', branch);
  await (settled ? merging.catch(() => undefined) : merging);
}

function authorOf({ author }: CommitLiteral): Record<string, string> {
  const [, name, email] = /^(.*) <(.*)>$/.exec(author ?? '') ?? [];
  return name === undefined || email === undefined ? {} : { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email };
}

function datesOf(time: number): Record<string, string> {
  const date = `@${time / 1000} +0000`;
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
}

async function writeFiles(dir: string, files: NonNullable<CommitLiteral['files']>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name);
    await mkdir(dirname(path), { recursive: true });
    await (text === null ? rm(path) : writeFile(path, text));
  }
}

/** Runs git in a directory; gives what it prints, without the last line end. */
export function runGit(
  cwd: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: environment, maxBuffer: 256 * 1024 * 1024 };
    execFile('git', [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.replace(/\n$/, ''));
      else reject(new Error(`git ${args.join(' ')}: ${stderr}`));
    });
  });
}
