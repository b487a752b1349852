import { join } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import { type GitReader, gitReader } from './git-process.js';
import type { Environment } from './git-settings.js';

/** A commit on the way back, or what is not committed yet; the lines that differ come after it. */
export interface CodeCommit {
  /** Left out: not committed yet. */
  readonly commit?: string;
  /** When it came to stand in history; milliseconds since 1970. Of what is not committed: `Infinity`. */
  readonly time: number;
  /**
   * What was before is hidden: a shallow clone ends here, or the directory came to be, perhaps from another name. Or
   * what a submodule brought with this commit is: it is not here any more, or not whole.
   */
  readonly cutOff?: 'shallow' | 'begun' | 'submodule';
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
  '--submodule=short',
  '--ignore-submodules=dirty',
];
const NAMES = ['--src-prefix=a/', '--dst-prefix=b/'];
const LOG = ['log', '--first-parent', '--diff-merges=first-parent', '--no-decorate', '--no-notes', '--patch'];

/**
 * What became of the code in a directory, newest first, along first parents: a merge stands for all that it brought,
 * since with it that came to be. The first commit of all is left out: it takes nothing away. Where nothing is
 * committed yet there is nothing to tell. Where a submodule moved on, what that brought is looked up there.
 *
 * @param within how far back that is done, since it costs a process for each time: milliseconds since 1970
 * @throws Refusal when there is no git to ask
 */
export async function* codeChanges(
  directory: string,
  environment: Environment,
  within: number = Number.NEGATIVE_INFINITY,
): AsyncGenerator<CodeCommit | CodeChange> {
  const git = gitReader(directory, environment);
  const head = (await git.read(['rev-parse', '--verify', '--quiet', 'HEAD'])).trim();
  if (head === '') return;
  const shallow = (await git.read(['rev-parse', '--is-shallow-repository'])).trim();
  let last: CodeCommit = { time: Number.POSITIVE_INFINITY };
  yield last;
  const unfiltered = gitReader(directory, { ...environment, ...(await withoutFilters(git, environment)) });
  for await (const one of changesIn(unfiltered, ['diff', ...DIFF, ...NAMES, head, '--', '.'])) yield* told(one);
  const log = [...LOG, ...DIFF, ...NAMES, '--format=commit %H %ct %P', head, '--', '.'];
  for await (const one of changesIn(git, log)) {
    if (!('parents' in one)) yield* told(one);
    else if (one.parents === 0) {
      if (shallow === 'true') yield { commit: one.commit, time: one.time, cutOff: 'shallow' };
      return;
    } else {
      last = { commit: one.commit, time: one.time };
      yield last;
    }
  }
  if (last.commit !== undefined) yield { ...last, cutOff: 'begun' };

  async function* told(one: CommitLine | CodeChange | Link): AsyncGenerator<CodeCommit | CodeChange> {
    if ('path' in one) yield one;
    else if ('link' in one && last.time >= within) {
      for await (const change of changesOf(one, directory, environment))
        yield 'path' in change ? change : { ...last, cutOff: 'submodule' };
    }
  }
}

/** What a submodule brought when it moved on, with those within it. A link: that cannot be seen. */
async function* changesOf(
  { link, before, after }: Link,
  directory: string,
  environment: Environment,
): AsyncGenerator<CodeChange | Link> {
  if (before === undefined) return;
  const hidden: Link = { link, before };
  if (after === undefined) return yield hidden;
  try {
    const git = gitReader(join(directory, link), environment);
    for await (const one of changesIn(git, ['diff', ...DIFF, ...NAMES, before, after])) {
      if ('path' in one) yield { ...one, path: `${link}/${one.path}` };
      else if ('link' in one) yield* changesOf({ ...one, link: `${link}/${one.link}` }, directory, environment);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield hidden;
  }
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

/** Where a submodule stands, and which of its commits. */
interface Link {
  readonly link: string;
  /** Left out: it is new. */
  readonly before?: string;
  /** Left out: it is gone. */
  readonly after?: string;
}

async function* changesIn(git: GitReader, args: readonly string[]): AsyncGenerator<CommitLine | CodeChange | Link> {
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

/** Before a hunk: the mode of a submodule. */
const LINK = /^(?:index [0-9a-f.]+|(?:new|deleted) file mode) 160000$/;

/** Within a hunk only its numbers say where it ends: a line may read like anything. */
class PatchParser {
  #path = '';
  #removed: string[] = [];
  #added: string[] = [];
  #left = 0;
  #right = 0;
  #isLink = false;

  *take(line: string): Generator<CommitLine | CodeChange | Link> {
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
    else if (LINK.test(line)) this.#isLink = true;
    else if (line.startsWith('--- a/') || line.startsWith('+++ b/')) this.#path = pathIn(line);
  }

  *end(): Generator<CodeChange | Link> {
    if (this.#isLink) yield linkOf(this.#path, this.#removed, this.#added);
    else if (this.#removed.length + this.#added.length > 0) {
      yield { path: this.#path, removed: textOf(this.#removed), added: textOf(this.#added) };
    }
    this.#path = '';
    this.#removed = [];
    this.#added = [];
    this.#isLink = false;
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

const COMMIT = /^Subproject commit ([0-9a-f]+)/;

function linkOf(link: string, removed: readonly string[], added: readonly string[]): Link {
  const [before, after] = [removed, added].map(([line = '']) => COMMIT.exec(line)?.[1]);
  return { link, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** git puts a tab behind a name with a space in it. */
function pathIn(line: string): string {
  const name = line.slice('--- a/'.length).replace(/\t$/, '');
  return Buffer.from(name, 'latin1').toString('utf8');
}

function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
