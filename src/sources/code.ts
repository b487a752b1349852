import { readFile } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { Refusal } from '../diagnostics/refusal.js';
import { gitReader } from './git-process.js';
import type { Environment } from './git-settings.js';

/** A file of an application. */
export interface CodeFile {
  /** Relative to the directory that was asked for, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What is longer is generated, or no code. */
const LIMIT = 1024 * 1024;

/** How many files are open at a time. */
const AT_A_TIME = 32;

const readBytes = promisify(readFile);

/**
 * The text files of a directory, without what git ignores there. Where there is no git, all of them but
 * `node_modules` and names that begin with a dot.
 *
 * @throws Refusal when there is no such directory
 */
export async function* readCode(directory: string, environment: Environment): AsyncGenerator<CodeFile> {
  const paths = await listCode(directory, environment);
  for (let start = 0; start < paths.length; start += AT_A_TIME) {
    const batch = await Promise.all(paths.slice(start, start + AT_A_TIME).map((path) => readText(directory, path)));
    for (const file of batch) if (file !== undefined) yield file;
  }
}

async function listCode(directory: string, environment: Environment): Promise<string[]> {
  try {
    return await listTracked(directory, environment);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not-a-git-repository') return listAll(directory);
    throw error;
  }
}

async function listTracked(directory: string, environment: Environment): Promise<string[]> {
  const chunks: Buffer[] = [];
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', '.'];
  for await (const chunk of gitReader(directory, environment).stream(list)) chunks.push(chunk);
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
    .sort();
}

async function listAll(directory: string, prefix = ''): Promise<string[]> {
  const entries = await readdir(join(directory, prefix), { withFileTypes: true });
  const kept = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
  const lists = kept.map(async (entry) => {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) return listAll(directory, `${path}/`);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(lists)).flat().sort();
}

/**
 * Bytes are read as Latin-1, which is quick and loses nothing that a key is made of. `undefined`: no text, too long,
 * or gone meanwhile.
 */
export async function textOfFile(path: string): Promise<string | undefined> {
  const bytes = await readBytes(path).catch(() => undefined);
  if (bytes === undefined || bytes.length > LIMIT || bytes.subarray(0, 8000).includes(0)) return undefined;
  return bytes.toString('latin1');
}

async function readText(directory: string, path: string): Promise<CodeFile | undefined> {
  const text = await textOfFile(join(directory, path));
  return text === undefined ? undefined : { path, text };
}

/** A commit, and when it came to stand in history: milliseconds since 1970. */
export interface Mentioned {
  readonly commit: string;
  readonly time: number;
}

/**
 * The newest commit that changed how often the code in a directory mentions a text. `undefined`: none did, or there is
 * no git to ask.
 *
 * @param except a directory that is no code, absolute
 */
export async function lastMention(
  directory: string,
  except: string,
  text: string,
  environment: Environment,
): Promise<Mentioned | undefined> {
  const outside = relative(directory, except).split(sep).join('/');
  const without = outside.startsWith('..') ? [] : [`:(exclude,literal)${outside}`];
  const log = ['log', '-1', '--no-ext-diff', '--no-textconv', '--format=%H %ct', `-S${text}`, '--', '.', ...without];
  const answer = await gitReader(directory, environment)
    .run(log)
    .catch(() => '');
  const [commit = '', seconds] = answer.trim().split(' ');
  return commit === '' ? undefined : { commit, time: Number(seconds) * 1000 };
}
