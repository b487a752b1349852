import { AnswerParser, LIMIT } from './git-blobs.js';
import type { GitReader } from './git-process.js';

const GREP = [
  'grep',
  '--no-color',
  '--no-recurse-submodules',
  '--files-with-matches',
  '-z',
  '--text',
  '--fixed-strings',
];

/** The files of a folder of a commit in which a text occurs, as paths from the top of the repository. */
export async function filesWith(git: GitReader, commit: string, prefix: string, text: string): Promise<string[]> {
  const folder = prefix === '' ? [] : [literally(prefix)];
  const output = await git.read([...GREP, '-e', text, commit, '--', ...folder]);
  return output.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(commit.length + 1)]));
}

/** A pathspec that stands for one path, whatever characters are in it. */
export function literally(path: string): string {
  return `:(literal)${path}`;
}

/** Where the flags share a repository with so much else, looking through all of it takes longer than the history. */
const MANY_OBJECTS = 250_000;

/**
 * All blobs of the repository in which one of some texts occurs, whichever commits they belong to. Reading small blobs takes git
 * much less time than comparing the large trees that they stand in.
 *
 * @param except these are not looked at; neither is what is larger than 1 MiB
 * @returns `undefined` when there are more objects than can be looked at
 */
export async function blobsWith(
  git: GitReader,
  texts: readonly string[],
  except: ReadonlySet<string>,
): Promise<string[] | undefined> {
  const all = await allBlobs(git);
  if (all === undefined) return undefined;
  const oids = all.filter((oid) => !except.has(oid));
  const sought = texts.map((text) => Buffer.from(text));
  const parser = new AnswerParser(LIMIT);
  const found: string[] = [];
  for await (const chunk of git.stream(['cat-file', '--batch', '--buffer'], `${oids.join('\n')}\n`)) {
    for (const { header, bytes } of parser.push(chunk)) {
      if (!Buffer.isBuffer(bytes) || !sought.some((text) => bytes.includes(text))) continue;
      found.push(header.slice(0, header.indexOf(' ')));
    }
  }
  return found;
}

/** `undefined`: there are too many objects. */
async function allBlobs(git: GitReader): Promise<string[] | undefined> {
  const list = ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectname)'];
  const blobs: string[] = [];
  let count = 0;
  let rest = '';
  for await (const chunk of git.stream(list)) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    count += lines.length;
    if (count > MANY_OBJECTS) return undefined;
    for (const line of lines) if (line.startsWith('blob ')) blobs.push(line.slice('blob '.length));
  }
  return blobs;
}

/** Along first parents of a commit, or in whatever is known of the past. */
export type Whereabouts = 'first parents' | 'everywhere';

const WALKS: Readonly<Record<Whereabouts, readonly string[]>> = {
  'first parents': ['--first-parent'],
  everywhere: ['--all', '--reflog'],
};

/** All blobs that stood under some paths. */
export async function blobsUnder(
  git: GitReader,
  paths: readonly string[],
  commit: string,
  whereabouts: Whereabouts,
): Promise<Set<string>> {
  const walk = ['log', ...WALKS[whereabouts], '--full-history', '-m', '--format='];
  const raw = ['--raw', '--no-abbrev', '--no-renames', '--no-color', '--end-of-options', commit, '--'];
  const output = await git.read([...walk, ...raw, ...paths.map(literally)]);
  return new Set(output.match(/\b[0-9a-f]{40,64}\b/g));
}
