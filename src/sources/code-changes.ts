import { type GitReader, gitReader } from './git-process.js';
import type { Environment } from './git-settings.js';

/** A commit on the way back, or what is not committed yet; the lines that differ come after it. */
export interface CodeCommit {
  /** Left out: not committed yet. */
  readonly commit?: string;
  /** When it came to stand in history; milliseconds since 1970. Of what is not committed: `Infinity`. */
  readonly time: number;
  /** What was before is hidden: a shallow clone ends here, or the directory came to be, perhaps from another name. */
  readonly cutOff?: 'shallow' | 'begun';
}

/** The lines of one file that a commit took away, and those that it put there; each ends with a line end. */
export interface CodeChange {
  /** Relative to the directory that was asked for, with `/`. */
  readonly path: string;
  readonly removed: string;
  readonly added: string;
}

const DIFF = [
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--unified=0',
  '--inter-hunk-context=0',
  '-M100%',
  '--relative',
];
const NAMES = ['--src-prefix=a/', '--dst-prefix=b/'];
const LOG = ['log', '--first-parent', '--diff-merges=first-parent', '--no-decorate', '--no-notes', '--patch'];

/**
 * What became of the code in a directory, newest first, along first parents: a merge stands for all that it brought,
 * since with it that came to be. The first commit of all is left out: it takes nothing away. Where nothing is
 * committed yet there is nothing to tell.
 *
 * @throws Refusal when there is no git to ask
 */
export async function* codeChanges(
  directory: string,
  environment: Environment,
): AsyncGenerator<CodeCommit | CodeChange> {
  const git = gitReader(directory, environment);
  const head = (await git.read(['rev-parse', '--verify', '--quiet', 'HEAD'])).trim();
  if (head === '') return;
  const shallow = (await git.read(['rev-parse', '--is-shallow-repository'])).trim();
  yield { time: Number.POSITIVE_INFINITY };
  const unfiltered = gitReader(directory, { ...environment, ...(await withoutFilters(git, environment)) });
  yield* changesIn(unfiltered, ['diff', ...DIFF, ...NAMES, '--ignore-submodules=dirty', head, '--', '.']);
  const log = [...LOG, ...DIFF, ...NAMES, '--format=commit %H %ct %P', head, '--', '.'];
  let last: CodeCommit | undefined;
  for await (const one of changesIn(git, log)) {
    if (!('parents' in one)) yield one;
    else if (one.parents === 0) {
      if (shallow === 'true') yield { commit: one.commit, time: one.time, cutOff: 'shallow' };
      return;
    } else {
      last = { commit: one.commit, time: one.time };
      yield last;
    }
  }
  if (last !== undefined) yield { ...last, cutOff: 'begun' };
}

/** Settings with which git reads files as they are: it would run what a repository names as a filter of them. */
async function withoutFilters(git: GitReader, { GIT_CONFIG_COUNT }: Environment): Promise<Environment> {
  const list = await git.read(['config', '--null', '--name-only', '--list']);
  const names = [...new Set(list.split('\0').filter((name) => name.startsWith('filter.')))];
  const first = Number(GIT_CONFIG_COUNT ?? 0);
  const settings = names.flatMap((name, at) => [
    [`GIT_CONFIG_KEY_${first + at}`, name],
    [`GIT_CONFIG_VALUE_${first + at}`, ''],
  ]);
  return { ...Object.fromEntries(settings), GIT_CONFIG_COUNT: String(first + names.length) };
}

interface CommitLine {
  readonly commit: string;
  readonly time: number;
  readonly parents: number;
}

async function* changesIn(git: GitReader, args: readonly string[]): AsyncGenerator<CommitLine | CodeChange> {
  const parser = new PatchParser();
  let rest = '';
  for await (const chunk of git.stream(['-c', 'core.quotePath=false', ...args])) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* parser.take(line);
  }
  yield* parser.end();
}

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** Within a hunk only its numbers say where it ends: a line may read like anything. */
class PatchParser {
  #path = '';
  #removed: string[] = [];
  #added: string[] = [];
  #left = 0;
  #right = 0;

  *take(line: string): Generator<CommitLine | CodeChange> {
    if (this.#left > 0 && line.startsWith('-')) {
      this.#left -= 1;
      this.#removed.push(line.slice(1));
    } else if (this.#right > 0 && line.startsWith('+')) {
      this.#right -= 1;
      this.#added.push(line.slice(1));
    } else if (line.startsWith('@@')) this.#begin(line);
    else if (line.startsWith('commit ')) {
      yield* this.end();
      yield commitIn(line);
    } else if (line.startsWith('diff --git ')) yield* this.end();
    else if (line.startsWith('--- a/') || line.startsWith('+++ b/')) this.#path = pathIn(line);
  }

  *end(): Generator<CodeChange> {
    if (this.#removed.length + this.#added.length > 0) {
      yield { path: this.#path, removed: textOf(this.#removed), added: textOf(this.#added) };
    }
    this.#path = '';
    this.#removed = [];
    this.#added = [];
  }

  #begin(line: string): void {
    const [, left = '1', right = '1'] = HUNK.exec(line) ?? [];
    this.#left = Number(left);
    this.#right = Number(right);
  }
}

function commitIn(line: string): CommitLine {
  const [, commit = '', seconds, ...parents] = line.split(' ');
  return { commit, time: Number(seconds) * 1000, parents: parents.filter((one) => one !== '').length };
}

/** git puts a tab behind a name with a space in it. */
function pathIn(line: string): string {
  const name = line.slice('--- a/'.length).replace(/\t$/, '');
  return Buffer.from(name, 'latin1').toString('utf8');
}

function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
