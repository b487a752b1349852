/**
 * How long the commands take that read history, as whole processes, on a git repository of 10,000 flags and 10,000
 * commits, beside what git itself takes to show the same files.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { makeRepository, oldFlag, timeOf } from './history-repository.mjs';
import { median } from './measure.mjs';
import { row } from './result.mjs';

const FLAGSTAFF = join(dirname(fileURLToPath(import.meta.url)), '../bin/flagstaff.js');
const SIZE = { flags: 10_000, commits: 10_000 };
const RUNS = 3;

/** `log FLAG` may take this many times as long as `git log -p -- FILE`. */
const MOST = 5;

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say, { size = SIZE, runs = RUNS } = {}) {
  const work = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const directory = join(work, 'repository');
    say(`making ${size.commits} commits of ${size.flags} flags`);
    await makeRepository(directory, size);
    gate(directory, size);
    return { name: 'history', rows: measure(directory, size, runs, say) };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Fails the run unless `log` of a flag tells of each commit that touched its file in meaning, and of no other. */
function gate(directory, size) {
  const { key, path } = oldFlag(size);
  const told = JSON.parse(flagstaff(directory, 'log', key, '--all', '--format', 'json').stdout);
  const touched = git(directory, 'log', '--format=%H', '--', path).stdout.trim().split('\n');
  const versions = told.map(({ version }) => version);
  if (JSON.stringify(versions) === JSON.stringify(touched)) return;
  throw new Error(`log ${key} tells of ${versions.length} commits; git knows ${touched.length}`);
}

function measure(directory, size, runs, say) {
  const { key, path } = oldFlag(size);
  const back = Math.min(100, size.commits - 1);
  const contestants = {
    log: () => flagstaff(directory, 'log', key),
    gitLog: () => git(directory, 'log', '-p', '--', path),
    logAll: () => flagstaff(directory, 'log', '-n', '50'),
    gitLogAll: () => git(directory, 'log', '-p', '-n', '50'),
    diff: () => flagstaff(directory, 'diff', `HEAD~${back}`),
    gitDiff: () => git(directory, 'diff', `HEAD~${back}`),
    lint: () => flagstaff(directory, 'lint'),
    asOf: () => flagstaff(directory, 'eval', key, '--as-of', timeOf(size.commits / 2), '--attr', 'targetingKey=user-1'),
    gitArchive: () => git(directory, 'archive', '--format=tar', `HEAD~${Math.ceil(size.commits / 2)}`),
    review: () => flagstaff(directory, 'review', '--base', `HEAD~${back}`),
  };
  const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let turn = 0; turn < runs; turn++) {
    say(`round ${turn + 1} of ${runs}`);
    for (const [name, task] of Object.entries(contestants)) samples[name].push(task().seconds);
  }
  const seconds = Object.fromEntries(Object.entries(samples).map(([name, taken]) => [name, median(taken)]));
  return rowsOf(seconds);
}

function rowsOf({ log, gitLog, logAll, gitLogAll, diff, gitDiff, lint, asOf, gitArchive, review }) {
  return [
    row('log FLAG', log, { 'git log -p -- FILE': gitLog }, 's'),
    row(`log FLAG, of ${MOST} times git log -p -- FILE`, log, { limit: MOST * gitLog }, 's'),
    row('log -n 50', logAll, { 'git log -p -n 50': gitLogAll }, 's'),
    row('diff HEAD~100', diff, { 'git diff HEAD~100': gitDiff }, 's'),
    row('diff HEAD~100, beside reading and judging all files once', diff, { 'flagstaff lint': lint }, 's'),
    row('eval FLAG --as-of half of the way', asOf, { 'git archive of that commit': gitArchive }, 's'),
    row('review --base HEAD~100', review, { 'git diff HEAD~100': gitDiff }, 's'),
    row('review --base HEAD~100, beside reading and judging all files once', review, { 'flagstaff lint': lint }, 's'),
  ];
}

function flagstaff(directory, ...args) {
  return timed(directory, process.execPath, [FLAGSTAFF, ...args], [0, 1]);
}

function git(directory, ...args) {
  return timed(directory, 'git', ['--no-pager', ...args], [0]);
}

function timed(cwd, program, args, statuses) {
  const env = { ...process.env, NO_COLOR: '1' };
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 30 });
  const seconds = (performance.now() - start) / 1000;
  if (statuses.includes(status)) return { stdout, seconds };
  throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr.slice(0, 2000)}`);
}
