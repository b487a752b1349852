/**
 * `npm run bench` lists the benchmarks, `npm run bench -- NAME [--json]` runs one against the built package.
 * Results go to stdout, everything else to stderr. Exit codes: 0 ok, 1 a fixed limit was missed, 2 could not run.
 */

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asTable, missedLimits } from './result.mjs';

const BENCH = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(BENCH);

const BENCHMARKS = {
  evaluate: { about: 'nanoseconds per evaluation, beside five other evaluators', load: () => import('./evaluate.mjs') },
  serve: { about: 'asking `flagstaff serve`, beside a bare HTTP server', load: () => import('./serve.mjs') },
  streams: {
    about: 'thousands of open streams, and how fast they hear of a change',
    load: () => import('./streams.mjs'),
  },
  sdk: {
    about: 'an application that evaluates in its own process, beside five other SDKs',
    load: () => import('./sdk.mjs'),
  },
  exposures: {
    about: 'what recording exposures costs, in an application and in the server',
    load: () => import('./exposures.mjs'),
  },
  stale: { about: 'finding 1,000 flags in 10,000 files, beside ripgrep', load: () => import('./stale.mjs') },
  lint: { about: 'linting 1,000 and 10,000 flags, beside Featurevisor', load: () => import('./lint.mjs') },
  reload: { about: 'one changed flag among 10,000 in a server that runs', load: () => import('./reload.mjs') },
  history: { about: 'log, diff, eval --as-of and review, beside git', load: () => import('./history.mjs') },
  management: { about: 'changes over HTTP, beside git commit', load: () => import('./management.mjs') },
  write: {
    about: 'writes to a local ref with 10 and 10,000 flags, beside git commit',
    load: () => import('./write.mjs'),
  },
};

process.exitCode = await main(process.argv.slice(2)).catch(couldNotRun);

/** @param {string[]} args */
async function main(args) {
  const [name, ...options] = args;
  if (name === undefined) return list();
  if (!Object.hasOwn(BENCHMARKS, name) || options.some((option) => option !== '--json')) return usage();
  installPeers();
  buildPackage();
  const { run } = await BENCHMARKS[name].load();
  const result = await run(say);
  console.log(options.includes('--json') ? JSON.stringify(result) : asTable(result));
  return missedLimits(result).length > 0 ? 1 : 0;
}

/** @param {unknown} error */
function couldNotRun(error) {
  console.error(error);
  return 2;
}

function list() {
  for (const [name, { about }] of Object.entries(BENCHMARKS)) console.log(`${name.padEnd(12)} ${about}`);
  return 0;
}

function usage() {
  say(`usage: npm run bench -- NAME [--json], where NAME is one of ${Object.keys(BENCHMARKS).join(', ')}`);
  return 2;
}

/** The peers are heavy, so they stand in a package of their own that is installed when it is first needed. */
function installPeers() {
  const lock = join(BENCH, 'package-lock.json');
  const installed = join(BENCH, 'node_modules/.flagstaff-bench-lock.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(lock, 'utf8')) return;
  say('installing the peers into bench/node_modules');
  npm('ci', '--prefix', BENCH, '--ignore-scripts');
  copyFileSync(lock, installed);
}

function buildPackage() {
  const built = join(ROOT, 'dist/index.js');
  if (existsSync(built) && newestIn(join(ROOT, 'src')) <= statSync(built).mtimeMs) return;
  say('building the package');
  npm('run', 'build');
}

/** @param {string} directory @returns {number} milliseconds since 1970 */
function newestIn(directory) {
  const entries = readdirSync(directory, { recursive: true });
  return Math.max(...entries.map((entry) => statSync(join(directory, String(entry))).mtimeMs));
}

/** npm's own output goes to stderr, so that stdout holds the result alone. */
function npm(...args) {
  const { status } = spawnSync('npm', args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed`);
}

/** @param {string} line */
function say(line) {
  console.error(line);
}
