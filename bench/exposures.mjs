/**
 * What recording exposures costs: an evaluation of a flag without an experiment, with recording on and off; an exposure
 * in the client; and how many exposures a second the embedded store of the server takes, and in how much memory.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FlagstaffClient } from '../dist/sdk/index.js';
import { EmbeddedStore } from '../dist/server/exposures/embedded.js';
import { ExposureLedger } from '../dist/server/exposures/ledger.js';
import { median, race } from './measure.mjs';
import { definitionsOf } from './peers/flagstaff.mjs';
import { row } from './result.mjs';
import { NUMERIC_FLAG, SPLIT_FLAG, STATIC_FLAG, timedContexts } from './scenarios.mjs';

/** Processes for each, and batches timed in each of them. */
const ROUNDS = 15;
const BATCHES = 21;
const ASSIGNMENTS = 200_000;
/** `EXPOSURES=10000000` for the long run. */
const EXPOSURES = Number(process.env.EXPOSURES ?? 1_000_000);
const BATCH = 100;
const AT_A_TIME = 32;
const USERS = Number(process.env.USERS ?? 200_000);

/** How much slower a flag without an experiment may be: ten per cent. */
const SLOWER = 1.1;
/** microseconds for each exposure: 100,000 a second */
const STORE_LIMIT = 10;

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  process.env.NODE_ENV = 'production';
  say(`evaluating (load average ${loadavg()[0].toFixed(1)})`);
  const rows = [];
  for (const flag of [STATIC_FLAG, NUMERIC_FLAG]) rows.push(...(await evaluation(flag)));
  rows.push(await assignment());
  say(`storing ${EXPOSURES} exposures (load average ${loadavg()[0].toFixed(1)})`);
  rows.push(...(await storing()));
  return { name: 'exposures', rows };
}

/**
 * A flag that has no experiment, with and without a recorder. In one process the client that was made first is the
 * faster one, whichever it is: each is timed in a process of its own, in turn.
 */
async function evaluation(flag) {
  const samples = { off: [], on: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of round % 2 === 0 ? ['off', 'on'] : ['on', 'off']) samples[name].push(timedApart(flag, name));
  }
  const [off, on] = [median(samples.off), median(samples.on)];
  return [
    row(`${flag.key}, recording on`, on, { 'recording off': off }, 'ns/evaluation'),
    row(`${flag.key}, limit`, on, { limit: off * SLOWER }, 'ns/evaluation'),
  ];
}

/** @returns {number} nanoseconds */
function timedApart(flag, name) {
  const source = `import { timed } from ${JSON.stringify(import.meta.url)}; console.log(await timed('${flag.key}', '${name}'));`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8' }));
}

/** @param {string} key @param {'on' | 'off'} name @returns {Promise<number>} nanoseconds of one evaluation */
export async function timed(key, name) {
  const peer = await client(name === 'on' ? { exposures: { sink: { send: async () => undefined } } } : {});
  const taken = await race([{ name, peer, keys: [key], subjects: timedContexts() }], BATCHES);
  await peer.close();
  return taken[name];
}

/** Users that come for the first time, so that each is an exposure, beside the same without a recorder. */
async function assignment() {
  let sent = 0;
  const sink = {
    send: async ({ exposures }) => {
      sent += exposures.length;
    },
  };
  const off = await client({});
  const on = await client({ exposures: { sink, capacity: 2 * ASSIGNMENTS } });
  const contexts = Array.from({ length: ASSIGNMENTS }, (_, user) => ({ targetingKey: `user-${user}` }));
  for (const peer of [off, on]) ask(peer, contexts.slice(0, 20_000));
  const [without, recorded] = [ask(off, contexts.slice(20_000)), ask(on, contexts.slice(20_000))];
  await Promise.all([off.close(), on.close()]);
  if (sent !== ASSIGNMENTS) throw new Error(`${sent} of ${ASSIGNMENTS} exposures were handed over`);
  return row('an experiment, each user new', recorded, { 'recording off': without }, 'ns/evaluation');
}

/** @returns {number} nanoseconds each */
function ask(peer, contexts) {
  const start = performance.now();
  for (const context of contexts) peer.isOn(SPLIT_FLAG.key, context);
  return ((performance.now() - start) * 1e6) / contexts.length;
}

async function client(options) {
  const { flags, ...rest } = definitionsOf([STATIC_FLAG, NUMERIC_FLAG, SPLIT_FLAG]);
  const bootstrap = { format: 1, version: 'bench', id: '1-0-000000000000', ...rest, flags: flags.map(asExperiment) };
  const made = new FlagstaffClient({ bootstrap: JSON.stringify(bootstrap), ...options });
  await made.ready();
  return { isOn: (key, context) => made.boolean(key, false, context), close: () => made.close() };
}

function asExperiment({ rollout, ...flag }) {
  if (rollout === undefined) return flag;
  const split = ['on', 'off'].map((variant) => ({ variant, percent: 50 }));
  return { ...flag, experiment: { split } };
}

/** Batches of a hundred, several on their way at a time, as from many clients; each is on the disk when it counts. */
async function storing() {
  const directory = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  const options = { directory, now: Date.now, warn: fail };
  try {
    const ledger = await open(options);
    const first = await fill(ledger, 0, EXPOSURES / 10);
    const early = memory();
    const rest = await fill(ledger, EXPOSURES / 10, EXPOSURES);
    const late = memory();
    await gate(ledger);
    await ledger.close();
    const start = performance.now();
    const again = await open(options);
    const opening = (performance.now() - start) / 1000;
    await gate(again);
    await again.close();
    const each = (cost) => (first[cost] + rest[cost]) / EXPOSURES;
    return [
      row('an exposure into the embedded store', each('elapsed'), { limit: STORE_LIMIT }, 'us'),
      row('processor time of an exposure', each('processor'), {}, 'us'),
      row('heap after all of them', late, { 'after a tenth': early }, 'MB'),
      row('opening what is stored', opening, {}, 's'),
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** As a server has it that serves one experiment. */
async function open(options) {
  const ledger = new ExposureLedger(await EmbeddedStore.open(options), Date.now);
  const flags = definitionsOf([SPLIT_FLAG]).flags.map(asExperiment);
  const snapshot = { definitions: new Map([['production', { environment: 'production', flags, segments: [] }]]) };
  ledger.remember({ revision: { version: 'bench' }, snapshot });
  return ledger;
}

/** @returns {Promise<{ elapsed: number, processor: number }>} microseconds, without what making the batches takes */
async function fill(ledger, from, to) {
  const cost = { elapsed: 0, processor: 0 };
  for (let next = from; next < to; ) {
    const batches = [];
    for (; batches.length < AT_A_TIME && next < to; next += BATCH) batches.push(batch(next));
    const start = performance.now();
    const before = process.cpuUsage();
    await Promise.all(batches.map((one) => ledger.add(one)));
    const { user, system } = process.cpuUsage(before);
    cost.processor += user + system;
    cost.elapsed += (performance.now() - start) * 1000;
  }
  return cost;
}

function batch(first) {
  const timestamp = new Date().toISOString();
  const exposures = Array.from({ length: BATCH }, (_, index) => ({
    flag_key: SPLIT_FLAG.key,
    variant_key: (first + index) % 2 === 0 ? 'on' : 'off',
    user_id: `user-${(first + index) % USERS}`,
    timestamp,
    reason: 'SPLIT',
    environment: 'production',
    version: 'bench',
  }));
  return { id: `batch-${first}`, exposures, events: [] };
}

/** Fails the run when the store has lost or made up one. */
async function gate(ledger) {
  const [{ variants }] = await ledger.report(SPLIT_FLAG.key, 'production', { interval: 3_600_000 });
  const counted = variants.reduce((sum, { evaluations }) => sum + evaluations, 0);
  if (counted !== EXPOSURES) throw new Error(`the store counted ${counted} of ${EXPOSURES} exposures`);
}

/** What is left on the heap, in MB. */
function memory() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 1e6;
}

function fail(message) {
  throw new Error(message);
}
