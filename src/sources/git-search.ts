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

/**
 * All blobs of the repository in which a text occurs, whichever commits they belong to. Reading small blobs takes git
 * much less time than comparing the large trees that they stand in.
 *
 * @param except these are not looked at; neither is what is larger than 1 MiB
 */
export async function blobsWith(git: GitReader, text: string, except: ReadonlySet<string>): Promise<string[]> {
  const oids = (await allBlobs(git)).filter((oid) => !except.has(oid));
  const sought = Buffer.from(text);
  const parser = new AnswerParser(LIMIT);
  const found: string[] = [];
  for await (const chunk of git.stream(['cat-file', '--batch', '--buffer'], `${oids.join('\n')}\n`)) {
    for (const { header, bytes } of parser.push(chunk)) {
      if (Buffer.isBuffer(bytes) && bytes.includes(sought)) found.push(header.slice(0, header.indexOf(' ')));
    }
  }
  return found;
}

async function allBlobs(git: GitReader): Promise<string[]> {
  const list = ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectname)'];
  const output = await git.read(list);
  return Array.from(output.matchAll(/^blob (\w+)$/gm), ([, oid = '']) => oid);
}

/** All blobs that stood under some paths, in whatever is known of the past. */
export async function blobsUnder(git: GitReader, paths: readonly string[], commit: string): Promise<Set<string>> {
  const everywhere = ['log', '--all', '--reflog', '--full-history', '-m', '--format='];
  const raw = ['--raw', '--no-abbrev', '--no-renames', '--no-color', '--end-of-options', commit, '--'];
  const output = await git.read([...everywhere, ...raw, ...paths.map(literally)]);
  return new Set(output.match(/\b[0-9a-f]{40,64}\b/g));
}

export async function countObjects(git: GitReader): Promise<number> {
  const output = await git.read(['count-objects', '-v']);
  if (/^alternate: /m.test(output)) return Number.POSITIVE_INFINITY;
  const numbers = Array.from(output.matchAll(/^(?:count|in-pack): (\d+)$/gm), ([, number]) => Number(number));
  return numbers.reduce((sum, number) => sum + number, 0);
}
