import type { GitReader } from './git-process.js';

interface Person {
  readonly name: string;
  readonly email: string;
}

interface Trailer {
  readonly key: string;
  readonly value: string;
}

/** What a commit says of itself. */
export interface Commit {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  /** When it was written; milliseconds since 1970. */
  readonly authored: number;
  /** When it came to stand where it stands in history; milliseconds since 1970. */
  readonly committed: number;
  /** Whole, without white space around it. */
  readonly message: string;
  readonly trailers: readonly Trailer[];
}

/** One file that differs from the first parent, by blob. `undefined`: there is no such file on that side. */
export interface FileChange {
  /** Relative to the top of the repository. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A commit on a walk: most are passed by, so what it says of itself is read only when asked for. */
export interface WalkedCommit {
  readonly oid: string;
  readonly files: readonly FileChange[];
  read(): Commit;
}

export interface WalkOptions {
  /** Where to start: ids of commits; what is reachable from `except` is left out. */
  readonly from: readonly string[];
  readonly except?: readonly string[];
  /** Pathspecs from the top of the repository: only commits that touch them, and only those files of theirs. */
  readonly paths?: readonly string[];
  /** Further options of `git log`. */
  readonly options?: readonly string[];
}

const FIELDS = ['%H', '%P', '%an', '%ae', '%cn', '%ce', '%at', '%ct', '%B', '%(trailers:only=true,unfold=true)'];

const LOG = ['log', '--no-color', '--encoding=UTF-8', '--no-notes', '--no-decorate', '--no-ext-diff', '--no-textconv'];

const FIRST_PARENT = ['--first-parent', '--diff-merges=first-parent'];

const RAW = ['--raw', '-z', '--no-abbrev', '--no-renames', `--format=tformat:${FIELDS.join('%x00')}%x00`];

/**
 * Commits along first parents, newest first, each with the files that differ from its first parent. A merge stands
 * for all that it brought. Only what is asked for is read; ending the loop ends git.
 */
export async function* walkCommits(git: GitReader, options: WalkOptions): AsyncGenerator<WalkedCommit> {
  const { from, except = [], paths = [] } = options;
  const revisions = ['--end-of-options', ...from, ...except.map((oid) => `^${oid}`)];
  const parser = new LogParser();
  const decoder = new TextDecoder();
  const format = [...LOG, ...FIRST_PARENT, ...RAW, ...(options.options ?? [])];
  for await (const chunk of git.stream([...format, ...revisions, '--', ...paths])) {
    for (const commit of parser.push(decoder.decode(chunk, { stream: true }))) yield commit;
  }
  yield* parser.end();
}

export interface DatedCommit {
  readonly oid: string;
  /** milliseconds since 1970 */
  readonly committed: number;
}

/** A commit and those before it along first parents, newest first, without their files. */
export async function* walkDates(git: GitReader, from: string): AsyncGenerator<DatedCommit> {
  let rest = '';
  for await (const chunk of git.stream([...LOG, '--first-parent', '--format=%H %ct', '--end-of-options', from, '--'])) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [oid = '', committed] = line.split(' ');
      yield { oid, committed: Number(committed) * 1000 };
    }
  }
}

/** Cuts the output into commits: as many texts as there are fields, then pairs of `:MODES IDS STATUS` and path. */
class LogParser {
  #rest = '';
  #fields: string[] = [];
  #files: FileChange[] = [];
  #change: string | undefined;

  push(text: string): WalkedCommit[] {
    const tokens = (this.#rest + text).split('\0');
    this.#rest = tokens.pop() ?? '';
    const found: WalkedCommit[] = [];
    for (const token of tokens) this.#take(token, found);
    return found;
  }

  end(): WalkedCommit[] {
    return this.#fields.length === FIELDS.length ? [walked(this.#fields, this.#files)] : [];
  }

  #take(token: string, found: WalkedCommit[]): void {
    if (this.#fields.length < FIELDS.length) this.#fields.push(token);
    else if (this.#change !== undefined) this.#takePath(this.#change, token);
    else if (token.startsWith(':') || token.startsWith('\n:')) this.#change = token;
    else if (token.length >= 40) {
      found.push(walked(this.#fields, this.#files));
      this.#fields = [token];
      this.#files = [];
    }
  }

  #takePath(change: string, path: string): void {
    this.#files.push(parseChange(change, path));
    this.#change = undefined;
  }
}

function walked(fields: readonly string[], files: readonly FileChange[]): WalkedCommit {
  return { oid: fields[0] ?? '', files, read: () => parseCommit(fields) };
}

/** `:MODE MODE ID ID STATUS`. Links and submodules hold no flags: to this history they are not there. */
function parseChange(change: string, path: string): FileChange {
  const [oldMode = '', newMode = '', before, after] = change.slice(change.indexOf(':') + 1).split(' ');
  return { path, before: isFile(oldMode) ? before : undefined, after: isFile(newMode) ? after : undefined };
}

const isFile = (mode: string) => mode.startsWith('100');

function parseCommit(fields: readonly string[]): Commit {
  const [oid = '', parents = '', authorName = '', authorEmail = '', name = '', email = ''] = fields;
  const [authored = '', committed = '', message = '', trailers = ''] = fields.slice(6);
  return {
    oid,
    parents: parents === '' ? [] : parents.split(' '),
    author: { name: authorName, email: authorEmail },
    committer: { name, email },
    authored: Number(authored) * 1000,
    committed: Number(committed) * 1000,
    message: message.trim(),
    trailers: parseTrailers(trailers),
  };
}

function parseTrailers(text: string): Trailer[] {
  return text.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [{ key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }];
  });
}
