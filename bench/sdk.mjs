/**
 * What an application pays that evaluates in its own process: one evaluation, directly and through OpenFeature; the
 * memory of 10,000 flags; and the time from a commit until the last of 100 clients has the change.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FlagstaffClient } from '../dist/sdk/index.js';
import { median, race } from './measure.mjs';
import { prepareClient, prepareFlagdProvider, prepareProvider } from './peers/clients.mjs';
import { PEERS } from './peers/peer.mjs';
import { row } from './result.mjs';
import {
  ALL_FLAGS,
  expected,
  gateContexts,
  NUMERIC_FLAG,
  SEMVER_FLAG,
  SPLIT_FLAG,
  STATIC_FLAG,
  timedContexts,
} from './scenarios.mjs';
import { serveFlags, writeFiles } from './serving.mjs';

const ROUNDS = 11;
const OURS = 'flagstaff';
const MEMORY_OF = fileURLToPath(new URL('memory-of.mjs', import.meta.url));
const CLIENTS = 100;
const COMMITS = 10;

/** nanoseconds that one evaluation by our client may take, where no rule stands in the way */
const EVALUATION_LIMIT = 1_000;

/** milliseconds within which every client must have a change */
const CHANGE_LIMIT = 2_000;

const SCENARIOS = [
  { scenario: 'static boolean', flag: STATIC_FLAG, limit: EVALUATION_LIMIT },
  { scenario: 'ten rules of three conditions', flag: NUMERIC_FLAG },
  { scenario: '50 % split', flag: SPLIT_FLAG, limit: EVALUATION_LIMIT },
];

const DIRECT = { [OURS]: prepareClient, ...PEERS };
const OPENFEATURE = { [OURS]: prepareProvider, '@openfeature/flagd-core': prepareFlagdProvider };

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  process.env.NODE_ENV = 'production';
  const rows = [];
  for (const [how, contestants] of Object.entries({ directly: DIRECT, 'through OpenFeature': OPENFEATURE })) {
    say(`evaluating ${how} (load average ${loadavg()[0].toFixed(1)})`);
    rows.push(...(await evaluations(how, contestants)));
  }
  say(`memory (load average ${loadavg()[0].toFixed(1)})`);
  rows.push(memory());
  say(`commits (load average ${loadavg()[0].toFixed(1)})`);
  rows.push(...(await commits()));
  return { name: 'sdk', rows };
}

async function evaluations(how, prepares) {
  const peers = {};
  for (const [name, prepare] of Object.entries(prepares)) peers[name] = await prepare(ALL_FLAGS);
  try {
    for (const [name, peer] of Object.entries(peers)) await gate(name, peer);
    const rows = [];
    for (const { scenario, flag, limit } of SCENARIOS) {
      const { [OURS]: ours, ...others } = await race(contestantsFor(flag, peers), ROUNDS);
      rows.push(row(`${scenario}, ${how}`, ours, others, 'ns/evaluation'));
      if (limit !== undefined && how === 'directly')
        rows.push(row(`${scenario}, limit`, ours, { limit }, 'ns/evaluation'));
    }
    return rows;
  } finally {
    for (const peer of Object.values(peers)) await peer.close?.();
  }
}

function contestantsFor({ key }, peers) {
  return Object.entries(peers).map(([name, peer]) => ({
    name,
    peer,
    keys: [key],
    subjects: subjectsOf(peer, timedContexts()),
  }));
}

function subjectsOf(peer, contexts) {
  return peer.subject === undefined ? contexts : contexts.map((context) => peer.subject(context));
}

/** Fails the run when somebody does not serve what the flags say. */
async function gate(name, peer) {
  const contexts = gateContexts(100);
  const subjects = subjectsOf(peer, contexts);
  for (const flag of [STATIC_FLAG, NUMERIC_FLAG, SEMVER_FLAG]) {
    for (const [index, context] of contexts.entries()) {
      if ((await peer.isOn(flag.key, subjects[index])) === expected(flag, context)) continue;
      throw new Error(`${name} is wrong about \`${flag.key}\` for ${JSON.stringify(context)}`);
    }
  }
}

/** What is on the heap once a client is ready, less what was there before. */
function memory() {
  const used = Object.keys(DIRECT).map((name) => {
    const printed = execFileSync(process.execPath, ['--expose-gc', MEMORY_OF, name], { encoding: 'utf8' });
    return [name, Number(printed) / 1024 / 1024];
  });
  const { [OURS]: ours, ...others } = Object.fromEntries(used);
  return row('memory of 10,000 flags', ours, others, 'MiB');
}

/** From the moment at which `git commit` is called until the last client has told of the change. */
async function commits() {
  const directory = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  repository(directory);
  const server = await serveFlags(directory, ['--source', 'git', '--ref', 'main']);
  const clients = Array.from({ length: CLIENTS }, () => new FlagstaffClient({ url: server.url }));
  try {
    await Promise.all(clients.map((client) => client.ready()));
    await pause(1_000);
    const delays = [];
    for (let number = 0; number <= COMMITS; number++) delays.push(await commitToLast(directory, clients, number));
    const counted = delays.slice(1);
    return [
      row(`commit to the last of ${CLIENTS} clients, median`, median(counted), { limit: CHANGE_LIMIT }, 'ms'),
      row(`commit to the last of ${CLIENTS} clients, slowest`, Math.max(...counted), { limit: CHANGE_LIMIT }, 'ms'),
    ];
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await server.stop();
    rmSync(directory, { recursive: true });
  }
}

async function commitToLast(directory, clients, number) {
  const heard = clients.map(
    (client) =>
      new Promise((resolve) => {
        const end = client.on('changed', () => resolve(end()));
      }),
  );
  writeFileSync(join(directory, 'flag.flag.yaml'), flagText(number));
  const start = performance.now();
  git(directory, 'commit', '--quiet', '--all', '-m', `change ${number}`);
  await Promise.all(heard);
  const took = performance.now() - start;
  const wanted = number % 2 === 0;
  if (clients.some((client) => client.boolean('flag', !wanted) !== wanted)) throw new Error('a client is wrong');
  return took;
}

function repository(directory) {
  const files = [
    { path: 'flagstaff.yaml', text: 'environments: [production]\n' },
    { path: 'flag.flag.yaml', text: flagText(1) },
  ];
  writeFiles(directory, files);
  git(directory, 'init', '--quiet', '--initial-branch=main');
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '-m', 'begin');
}

function flagText(number) {
  return `key: flag\ntype: boolean\ndefault: ${number % 2 === 0 ? 'on' : 'off'}\n`;
}

function git(directory, ...args) {
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], { cwd: directory });
}
