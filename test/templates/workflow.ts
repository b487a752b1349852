import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { builtProgram } from '../built.js';
import { makeRepository, runGit, type TestRepository } from '../repository.js';

/** A step of a workflow or an action. */
export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function readYaml<T>(path: string): Promise<T> {
  return parse(await readFile(path, 'utf8')) as T;
}

/** What the `${{ }}` expressions of a template stand for; one that is not named fails the test. */
export type Expressions = Readonly<Record<string, string>>;

export function fill(text: string, expressions: Expressions): string {
  return text.replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    const value = expressions[expression];
    if (value === undefined) throw new Error(`what is \${{ ${expression} }}?`);
    return value;
  });
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A clone of a bare remote that has a branch `main`, and programs that stand in for what CI machines have. */
export interface Machine {
  readonly repository: TestRepository;
  /** Where steps run. */
  readonly clone: string;
  /** A file outside the clone. */
  scratch(name: string): string;
  /** Makes a program of this name, as a shell script. */
  program(name: string, script: string): Promise<void>;
  git(...args: readonly string[]): Promise<string>;
  /** Runs lines as GitHub does: `bash -eo pipefail`. */
  bash(script: string, env?: Readonly<Record<string, string>>): Promise<Outcome>;
}

/** @param files what stands on `main` */
export async function makeMachine(files: Readonly<Record<string, string>>): Promise<Machine> {
  const repository = await makeRepository([{ files }]);
  const home = await mkdtemp(join(repository.dir, '..', 'machine-'));
  const [remote, clone, bin] = [join(home, 'remote.git'), join(home, 'clone'), join(home, 'bin')];
  await repository.git('clone', '--quiet', '--bare', '.', remote);
  await runGit(home, repository.environment, ['clone', '--quiet', remote, clone]);
  await mkdir(bin);
  const environment = { ...repository.environment, PATH: `${bin}:${repository.environment.PATH}` };
  const program = async (name: string, script: string) => {
    await writeFile(join(bin, name), `#!/bin/bash\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  await program('flagstaff', `exec '${process.execPath}' '${await builtProgram()}' "$@"`);
  await program('npm', 'exit 0');
  return {
    repository,
    clone,
    program,
    scratch: (name) => join(home, name),
    git: (...args) => runGit(clone, environment, args),
    bash: (script, env = {}) => bash(clone, { ...environment, ...env }, script),
  };
}

function bash(cwd: string, env: Readonly<Record<string, string>>, script: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** Commits files on a new branch of the clone. */
export async function change(
  { git, clone }: Machine,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await git('switch', '--quiet', '--create', branch, 'origin/main');
  for (const [path, text] of Object.entries(files)) await writeFile(join(clone, path), text);
  await git('add', '--all');
  await git('commit', '--quiet', '-m', 'a change');
}
