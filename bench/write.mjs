/**
 * Writes per second to a local ref, one change of one flag a commit, beside `git commit` of one file from the shell.
 * All in the same run, on bare and checked-out copies of the same repository, one after the other: a write of ours is
 * synced to disk, and would wait for what others have just left in memory.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gitWriter } from '../dist/write/git-writer.js';
import { plan } from './generate.mjs';
import { median } from './measure.mjs';
import { row } from './result.mjs';
import { commitLine, ENVIRONMENT, git, makeRepository } from './written-repository.mjs';

const SIZES = [10, 10_000];
const WRITES = 60;
const SHELL = 'git commit';

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  const work = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const sizes = [];
    for (const flags of SIZES) {
      say(`writing to ${flags} flags, ${WRITES} times each`);
      sizes.push({ flags, ...(await measure(join(work, String(flags)), flags)) });
    }
    return { name: 'write', rows: [...sizes.flatMap(sizeRows), growthRow(sizes)] };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** @returns {Promise<{ ours: number[], followed: number[], shell: number[] }>} milliseconds per write, sorted */
async function measure(directory, flags) {
  const path = makeRepository(directory, plan(flags));
  const bare = `${directory}.git`;
  const followed = `${directory}-followed`;
  git(directory, 'clone', '-q', '--bare', '.', bare);
  git(directory, 'clone', '-q', '.', followed);
  const contestants = {
    ours: ownWriter(bare, path),
    followed: ownWriter(followed, path),
    shell: shellWriter(directory, path),
  };
  const times = { ours: [], followed: [], shell: [] };
  for (const [name, write] of Object.entries(contestants)) {
    await write('# warm');
    spawnSync('sync');
    for (let turn = 0; turn < WRITES; turn++) {
      const start = performance.now();
      await write(`# ${turn}`);
      times[name].push(performance.now() - start);
    }
  }
  for (const place of [bare, followed, directory]) gate(place, path);
  return times;
}

/** Every write is in the history, and the last one in the file. */
function gate(directory, path) {
  const text = git(directory, 'show', `main:${path}`);
  const commits = Number(git(directory, 'rev-list', '--count', 'main'));
  if (!text.includes(`# ${WRITES - 1}`) || commits !== WRITES + 2) throw new Error(`${directory} is not as written`);
}

/** @returns {(line: string) => Promise<unknown>} */
function ownWriter(root, path) {
  const writer = gitWriter({ root, ref: 'main', timeout: 5000, environment: ENVIRONMENT, random: Math.random });
  const author = { name: 'Bench', email: 'bench@example.com' };
  return (line) =>
    writer.write({
      author,
      at: Date.now(),
      plan: ({ files }) => {
        const before = files.find((file) => file.path === path).text;
        return { edits: [{ path, before, after: `${before}${line}\n` }], message: line };
      },
    });
}

/** What a person does, without typing. */
function shellWriter(directory, path) {
  return (line) => commitLine(directory, path, line);
}

function sizeRows({ flags, ours, followed, shell }) {
  const of = (name) => `${flags.toLocaleString('en')} flags, ${name}`;
  return [
    row(of('one write, median'), median(ours), { [SHELL]: median(shell) }, 'ms'),
    row(of('one write, p99'), p99(ours), { [SHELL]: p99(shell) }, 'ms'),
    row(of('one write, files follow, median'), median(followed), { [SHELL]: median(shell) }, 'ms'),
  ];
}

/** The time of a write with 10,000 flags, of that with 10. */
function growthRow([small, large]) {
  const growth = (name) => median(large[name]) / median(small[name]);
  return row('growth of time for a thousand times the flags', growth('ours'), { [SHELL]: growth('shell') }, 'times');
}

function p99(times) {
  return [...times].sort((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1];
}
