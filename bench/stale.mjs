/**
 * How long `flagstaff stale --code` takes as a whole process to find 1,000 flags in 10,000 files, beside `git grep` and
 * ripgrep that look for the same keys as plain texts; and how long it takes with the
 * history of the flags, beside `flagstaff lint` of the same flags.
 *
 * The last commit is asked for as of its own time, so that the 160 commits of the 40 days before it count.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { flagstaffRepository, plan } from './generate.mjs';
import { makeRepository, timeOf } from './history-repository.mjs';
import { median } from './measure.mjs';
import { randomSource } from './random.mjs';
import { row } from './result.mjs';
import { writeFiles } from './serving.mjs';

const FLAGSTAFF = fileURLToPath(new URL('../bin/flagstaff.js', import.meta.url));
const FLAGS = 1_000;
const FILES = 10_000;
const FOLDER = 100;
const LINES = 80;
const MENTIONS = 3;
const RUNS = 3;
const PAST = { flags: 1_000, commits: 1_000 };

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  const work = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    say(`writing ${FILES} files that ask for ${FLAGS} flags (load average ${loadavg()[0].toFixed(1)})`);
    const places = writeTree(work);
    gate(work, places);
    const code = measure(searches(work));
    const { flagstaff, ...peers } = code;
    say(`making ${PAST.commits} commits of ${PAST.flags} flags (load average ${loadavg()[0].toFixed(1)})`);
    const past = join(work, 'past');
    await makeRepository(past, PAST);
    const { lint, near, far } = measure(ages(past));
    return {
      name: 'stale',
      rows: [
        row(`stale --code, ${FILES.toLocaleString('en')} files`, flagstaff, peers, 's'),
        row(`stale, ${PAST.flags.toLocaleString('en')} flags, 160 commits of 40 days`, near, { lint }, 's'),
        row(
          `stale, ${PAST.flags.toLocaleString('en')} flags, ${PAST.commits.toLocaleString('en')} commits`,
          far,
          { lint },
          's',
        ),
      ],
    };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Code of about 4 KB a file; each flag is asked for in three of them. @returns {Map<string, string[]>} by key */
function writeTree(work) {
  const random = randomSource(FILES);
  const generated = plan(FLAGS);
  writeFiles(
    work,
    flagstaffRepository(generated).map(({ path, text }) => ({ path: `flags/${path}`, text })),
  );
  const keys = generated.flags.map(({ key }) => key);
  const asked = Array.from({ length: FILES }, () => []);
  const places = new Map(keys.map((key) => [key, []]));
  for (const key of keys) {
    for (let mention = 0; mention < MENTIONS; mention++) asked[random.integer(0, FILES - 1)].push(key);
  }
  const files = asked.map((mine, number) => {
    const path = `src/part-${Math.floor(number / FOLDER)}/file-${number}.ts`;
    for (const key of new Set(mine)) places.get(key).push(path);
    return { path, text: codeFile(random, mine) };
  });
  writeFiles(work, files);
  writeFileSync(join(work, 'keys'), `${keys.join('\n')}\n`);
  git(work, 'init', '--quiet');
  git(work, 'add', '.');
  git(work, '-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '--quiet', '-m', 'all');
  return places;
}

function codeFile(random, keys) {
  const lines = Array.from({ length: LINES }, (_, line) => {
    return `  const value${line} = compute("text ${random.integer(0, 9999)}", ${random.integer(0, 9999)});`;
  });
  for (const key of keys) lines[random.integer(0, LINES - 1)] += ` ask('${key}');`;
  return lines.join('\n');
}

/** Fails the run unless each flag is found in the files that ask for it, and in no other. */
function gate(work, places) {
  const { stdout } = called(process.execPath, staleArgs(join(work, 'flags'), '--code', 'src'), work);
  const found = new Map(JSON.parse(stdout).map(({ flag, evidence }) => [flag, evidence.references]));
  for (const [key, files] of places) {
    const told = [...new Set((found.get(key) ?? []).map(({ file }) => file))].sort();
    if (JSON.stringify(told) !== JSON.stringify([...files].sort())) throw new Error(`stale is wrong about \`${key}\``);
  }
}

function searches(work) {
  const keys = join(work, 'keys');
  const all = {
    flagstaff: () => called(process.execPath, staleArgs(join(work, 'flags'), '--code', 'src'), work),
    'git grep': () => called('git', ['grep', '-c', '-F', '-f', keys, '--', 'src'], work),
    ripgrep: () => called('rg', ['-c', '-F', '-f', keys, 'src'], work),
  };
  if (spawnSync('rg', ['--version']).status !== 0) delete all.ripgrep;
  return all;
}

/** As of the last commit, so that only the newest matter; as of the first, so that all do. */
function ages(directory) {
  const asOf = (commit) => () => called(process.execPath, staleArgs(directory, '--now', timeOf(commit)), directory);
  return {
    lint: () => called(process.execPath, [FLAGSTAFF, 'lint', '-C', directory], directory),
    near: asOf(PAST.commits),
    far: asOf(0),
  };
}

function staleArgs(flags, ...more) {
  return [FLAGSTAFF, 'stale', '--all', '--format', 'json', '-C', flags, ...more];
}

function measure(contestants) {
  const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let turn = 0; turn < RUNS; turn++) {
    for (const [name, call] of Object.entries(contestants)) samples[name].push(call().seconds);
  }
  return Object.fromEntries(Object.entries(samples).map(([name, taken]) => [name, median(taken)]));
}

function called(program, args, cwd) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}`);
  return { stdout, seconds: (performance.now() - start) / 1000 };
}

function git(directory, ...args) {
  called('git', args, directory);
}
