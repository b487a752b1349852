import type { GitReader } from './git-process.js';

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface Trailer {
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

export interface CommitWithFiles extends Commit {
  readonly files: readonly FileChange[];
}

export interface WalkOptions {
  /** Where to start: an id, or several; what is reachable from `except` is left out. */
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

const RAW = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  ...FIRST_PARENT,
  `--format=tformat:${FIELDS.join('%x00')}%x00`,
];

/**
 * Commits along first parents, newest first, each with the files that differ from its first parent. A merge stands
 * for all that it brought. Only what is asked for is read; ending the loop ends git.
 */
export async function* walkCommits(git: GitReader, options: WalkOptions): AsyncGenerator<CommitWithFiles> {
  const tokens = splitByNul(git.stream([...LOG, ...RAW, ...walkArguments(options)]));
  yield* parseCommits(tokens);
}

function walkArguments({ from, except = [], paths = [], options = [] }: WalkOptions): string[] {
  return [...options, '--end-of-options', ...from, ...except.map((oid) => `^${oid}`), '--', ...paths];
}

async function* splitByNul(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\0');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}

/** As many texts as there are fields, then pairs of `:MODES IDS STATUS` and path, then the next commit. */
async function* parseCommits(tokens: AsyncIterable<string>): AsyncGenerator<CommitWithFiles> {
  let fields: string[] = [];
  let files: FileChange[] = [];
  let change: string | undefined;
  for await (const token of tokens) {
    if (fields.length < FIELDS.length) {
      fields.push(token);
    } else if (change !== undefined) {
      files.push(parseChange(change, token));
      change = undefined;
    } else if (isChange(token)) {
      change = token;
    } else if (isCommit(token)) {
      yield { ...parseCommit(fields), files };
      fields = [token];
      files = [];
    }
  }
  if (fields.length === FIELDS.length) yield { ...parseCommit(fields), files };
}

const isChange = (token: string) => /^\n?:\d/.test(token);
const isCommit = (token: string) => /^[0-9a-f]{40,64}$/.test(token);

/** `:MODE MODE ID ID STATUS`. Links and submodules hold no flags: to this history they are not there. */
function parseChange(change: string, path: string): FileChange {
  const [, oldMode = '', newMode = '', before = '', after = ''] = /:(\d+) (\d+) (\w+) (\w+)/.exec(change) ?? [];
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
