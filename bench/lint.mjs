/**
 * How long `flagstaff lint` takes as a whole process, beside `featurevisor lint` on a project of the same content.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { featurevisorProject, flagstaffRepository, plan } from './generate.mjs';
import { median } from './measure.mjs';
import { row } from './result.mjs';

const BENCH = dirname(fileURLToPath(import.meta.url));
const PEER = '@featurevisor/cli';
const SIZES = [
  { flags: 1_000, runs: 7 },
  { flags: 10_000, runs: 3 },
];

const LINTERS = {
  flagstaff: { files: flagstaffRepository, script: join(BENCH, '../bin/flagstaff.js') },
  [PEER]: { files: featurevisorProject, script: join(BENCH, 'node_modules/@featurevisor/cli/bin.js') },
};

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  const work = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    gate(join(work, 'gate'));
    const sizes = SIZES.map((size) => {
      say(`linting ${size.flags} flags, ${size.runs} times each`);
      return { flags: size.flags, ...measure(size, join(work, String(size.flags))) };
    });
    return { name: 'lint', rows: [...sizes.flatMap(sizeRows), growthRow(sizes)] };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Fails the run unless both find a generated repository clean and report one planted error. */
function gate(directory) {
  const generated = plan(40);
  const planted = structuredClone(generated);
  planted.flags[39].rules.production[1].segment = 'no-such-audience';
  for (const [name, linter] of Object.entries(LINTERS)) {
    const clean = lint(linter, write(join(directory, name, 'clean'), linter.files(generated)));
    if (clean.status !== 0) throw new Error(`${name} finds fault with a clean repository:\n${clean.output}`);
    if (/\bwarning\b/.test(clean.output)) throw new Error(`${name} warns of a clean repository:\n${clean.output}`);
    const faulty = lint(linter, write(join(directory, name, 'faulty'), linter.files(planted)));
    if (faulty.status === 1 && faulty.output.includes('no-such-audience')) continue;
    throw new Error(`${name} does not report the planted error (exit ${faulty.status}):\n${faulty.output}`);
  }
}

/** What one run took. @typedef {{ seconds: number, processorSeconds: number, peakMegabytes: number }} Cost */

/** @returns {Record<string, Cost>} medians; the linters take turns */
function measure({ flags, runs }, directory) {
  const generated = plan(flags);
  const samples = {};
  for (const [name, { files }] of Object.entries(LINTERS)) {
    write(join(directory, name), files(generated));
    samples[name] = [];
  }
  for (let turn = 0; turn < runs; turn++) {
    for (const [name, linter] of Object.entries(LINTERS)) samples[name].push(timed(linter, join(directory, name)));
  }
  return Object.fromEntries(Object.entries(samples).map(([name, taken]) => [name, medians(taken)]));
}

function timed(linter, directory) {
  const outcome = lint(linter, directory);
  if (outcome.status !== 0) throw new Error(`${linter.script} failed:\n${outcome.output.slice(0, 2000)}`);
  return outcome;
}

function medians(taken) {
  const names = ['seconds', 'processorSeconds', 'peakMegabytes'];
  return Object.fromEntries(names.map((name) => [name, median(taken.map((cost) => cost[name]))]));
}

/** Runs one linter as a process of its own, in the directory that it lints. */
function lint({ script }, directory) {
  const usageFile = join(directory, '..', 'usage.json');
  const env = { ...process.env, NO_COLOR: '1', BENCH_USAGE_FILE: usageFile };
  const options = { cwd: directory, env, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const start = performance.now();
  const args = ['--require', join(BENCH, 'usage.cjs'), script, 'lint'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  const seconds = (performance.now() - start) / 1000;
  return { status, output: stdout + stderr, seconds, ...usageIn(usageFile) };
}

/** Node gives processor time in microseconds and memory in KiB, on every platform. */
function usageIn(file) {
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(file, 'utf8'));
  return { processorSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMegabytes: (maxRSS * 1024) / 1e6 };
}

function write(directory, files) {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

function sizeRows({ flags, flagstaff, [PEER]: peer }) {
  const title = `${flags.toLocaleString('en')} flags`;
  return [
    row(`lint ${title}`, flagstaff.seconds, { [PEER]: peer.seconds }, 's'),
    row(`processor time at ${title}`, flagstaff.processorSeconds, { [PEER]: peer.processorSeconds }, 's'),
    row(`peak memory at ${title}`, flagstaff.peakMegabytes, { [PEER]: peer.peakMegabytes }, 'MB'),
  ];
}

/** Ten times as many flags should take about ten times as long; the starting of the process makes it less. */
function growthRow([small, large]) {
  const growth = (name) => large[name].seconds / small[name].seconds;
  return row('growth of time for ten times the flags', growth('flagstaff'), { [PEER]: growth(PEER) }, 'times');
}
