/**
 * Generates the git repository of the `history` benchmark: the flags of the `lint` benchmark, with a past. Half of the
 * flags stand in the first commit; each later one creates a flag, or changes a flag or a segment a little, as people do.
 * The same numbers give the same commits, ids and all.
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { flagstaffRepository, plan } from './generate.mjs';
import { randomSource } from './random.mjs';

const START = Date.parse('2020-01-01T00:00:00Z') / 1000;
const APART = 6 * 3600;
const PEOPLE = ['Ada', 'Grace', 'Barbara', 'Edsger', 'Donald'];

/**
 * @typedef {{ path: string, text: string }} File
 * @typedef {{ message: string, author: string, time: number, files: readonly File[] }} Commit
 */

/**
 * Makes a repository with `main` checked out.
 *
 * @param {string} directory does not exist yet
 * @param {{ flags: number, commits: number }} size
 */
export async function makeRepository(directory, size) {
  mkdirSync(directory, { recursive: true });
  git(directory, 'init', '--quiet', '--initial-branch=main');
  await fastImport(directory, history(size));
  git(directory, 'gc', '--quiet');
  git(directory, 'reset', '--quiet', '--hard', 'main');
}

/** A flag that has a past, by key and file. @param {{ flags: number }} size */
export function oldFlag({ flags }) {
  const { path } = filesOf(flags).flags[Math.floor(flags / 4)];
  return { path, key: path.slice(path.indexOf('/') + 1, -'.flag.yaml'.length) };
}

/** When a commit was made, by its number. @param {number} number @returns {string} RFC 3339 */
export function timeOf(number) {
  return new Date((START + Math.floor(number) * APART) * 1000).toISOString();
}

/** @param {{ flags: number, commits: number }} size @returns {Generator<Commit>} the oldest first */
export function* history({ flags: count, commits }) {
  const random = randomSource(count + commits);
  const { rest, flags } = filesOf(count);
  /** @type {Map<string, string>} */
  const texts = new Map();
  /** @type {string[]} */
  const paths = [];
  const waiting = flags.slice(Math.ceil(count / 2));
  const commit = (
    /** @type {string} */ message,
    /** @type {readonly File[]} */ files,
    /** @type {number} */ number,
  ) => {
    for (const { path, text } of files) {
      if (!texts.has(path) && path !== 'flagstaff.yaml') paths.push(path);
      texts.set(path, text);
    }
    return { message, author: random.pick(PEOPLE), time: START + number * APART, files };
  };
  yield commit('Begin with what there is', [...rest, ...flags.slice(0, flags.length - waiting.length)], 0);
  for (let number = 1; number < commits; number++) {
    const left = commits - number;
    const created = waiting.length >= left || random.fraction() < waiting.length / left ? waiting.shift() : undefined;
    if (created === undefined) yield commit(...edit(random, texts, random.pick(paths)), number);
    else yield commit(`Add ${created.path}`, [created], number);
  }
}

function filesOf(count) {
  const files = flagstaffRepository(plan(count));
  return {
    flags: files.filter(({ path }) => path.endsWith('.flag.yaml')),
    rest: files.filter(({ path }) => !path.endsWith('.flag.yaml')),
  };
}

/** @returns {[message: string, files: File[]]} */
function edit(random, texts, path) {
  const text = texts.get(path);
  const [message, change] = random.pick(path.endsWith('.flag.yaml') ? FLAG_EDITS : SEGMENT_EDITS);
  return [`${message}: ${path}\n\nReason: ticket ${random.integer(1, 9999)}`, [{ path, text: change(text, random) }]];
}

const FLAG_EDITS = [
  [
    'Grow the rollout',
    (text, random) =>
      text.replace(/(?<=split: \{ on: )[\d.]+(?= \}\nenv)/, `${random.integer(1, 99)}.${random.integer(1, 9)}`),
  ],
  [
    'Say it in other words',
    (text, random) => text.replace(/^description: .*$/m, `description: Feature of sprint ${random.integer(1, 999)}`),
  ],
  ['Leave a remark', (text, random) => `# Looked at in week ${random.integer(1, 999)}\n${text.replace(/^# .*\n/, '')}`],
];

const SEGMENT_EDITS = [
  [
    'Change the audience',
    (text, random) =>
      text.replace(/value: (free|pro|enterprise) /, `value: ${random.pick(['free', 'pro', 'enterprise'])} `),
  ],
  ['Leave a remark', (text, random) => `# Looked at in week ${random.integer(1, 999)}\n${text.replace(/^# .*\n/, '')}`],
];

/** One process writes all commits. @param {string} directory @param {Iterable<Commit>} commits */
async function fastImport(directory, commits) {
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: directory, stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'close');
  for (const commit of commits) if (!child.stdin.write(asStream(commit))) await once(child.stdin, 'drain');
  child.stdin.end();
  const [status] = await ended;
  if (status !== 0) throw new Error('git fast-import failed');
}

/** @param {Commit} commit */
function asStream({ message, author, time, files }) {
  const person = `${author} <${author.toLowerCase()}@example.com> ${time} +0000`;
  return [
    'commit refs/heads/main',
    `author ${person}`,
    `committer ${person}`,
    data(message),
    ...files.map(({ path, text }) => `M 100644 inline ${path}\n${data(text)}`),
    '',
  ].join('\n');
}

/** @param {string} text */
function data(text) {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function git(directory, ...args) {
  const { status, stderr } = spawnSync('git', args, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr}`);
}
