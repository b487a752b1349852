/**
 * What open streams cost, and how long it takes from a change until the last client has heard of it: of a file that
 * is saved, of a commit, and of a push to a remote that two replicas serve.
 */

import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { flagstaffRepository, plan } from './generate.mjs';
import { Listeners } from './listeners.mjs';
import { load, percentile } from './load.mjs';
import { median } from './measure.mjs';
import { row } from './result.mjs';
import { serveFlags, usageOf, writeFiles } from './serving.mjs';

const COUNTS = [200, 1_000, 5_000];
const CHANGES = 5;
const ROUNDS = 3;
const FLAGS = 10;
const SECRET = 'a secret of the benchmark';

const BODY = { context: { targetingKey: 'user-7', plan: 'pro', country: 'DE' } };
const ASKING = { path: '/ofrep/v1/evaluate/flags', body: BODY, connections: 2, seconds: 1 };

/** milliseconds within which every client of two replicas must know of a push */
const PUSH_LIMIT = 2_000;

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  const work = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  const rows = [];
  try {
    for (const count of COUNTS) {
      say(`${count} streams (load average ${loadavg()[0].toFixed(1)})`);
      rows.push(...(await crowd(join(work, String(count)), count)));
    }
    say(`two replicas (load average ${loadavg()[0].toFixed(1)})`);
    rows.push(await replicas(join(work, 'replicas')));
    return { name: 'streams', rows };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** What `count` streams cost on one server of a working tree, and on one of commits. */
async function crowd(work, count) {
  const title = `${count.toLocaleString('en')} streams`;
  const saved = await withServer(repository(join(work, 'saved')), ['--max-streams', '10000'], (server, directory) =>
    costs(server, count, () => change(directory)),
  );
  const committed = await withServer(
    repository(join(work, 'committed')),
    ['--max-streams', '10000', '--source', 'git', '--ref', 'main'],
    (server, directory) => delays(server, count, () => commit(directory)),
  );
  return [
    row(`memory of each of ${title}`, saved.bytes / 1024, {}, 'KiB'),
    row(`file saved to last client, ${title}, p50`, percentile(saved.delays, 50), {}, 'ms'),
    row(`file saved to last client, ${title}, p99`, percentile(saved.delays, 99), {}, 'ms'),
    row(`commit to last client, ${title}, p50`, percentile(committed, 50), {}, 'ms'),
    row(`commit to last client, ${title}, p99`, percentile(committed, 99), {}, 'ms'),
    row(`latency of an answer beside ${title}`, saved.busy, { 'without streams': saved.quiet }, 'ms'),
  ];
}

async function withServer(directory, options, use, env) {
  const server = await serveFlags(directory, options, env);
  try {
    return await use(server, directory);
  } finally {
    await server.stop();
  }
}

async function costs(server, count, makeChange) {
  await latency(server);
  const quiet = await latency(server);
  const before = await usageOf(server);
  const listeners = new Listeners();
  try {
    await listeners.open(server.url, count);
    const { bytes } = await usageOf(server);
    const busy = await latency(server);
    const delays = await lastHeard(listeners, makeChange);
    return { quiet, busy, delays, bytes: (bytes - before.bytes) / count };
  } finally {
    listeners.close();
  }
}

async function delays(server, count, makeChange) {
  const listeners = new Listeners();
  try {
    await listeners.open(server.url, count);
    return await lastHeard(listeners, makeChange);
  } finally {
    listeners.close();
  }
}

/** milliseconds from each change to the last client's event */
async function lastHeard(listeners, makeChange) {
  const last = [];
  for (let number = 0; number < CHANGES; number++) last.push((await listeners.timed(makeChange)).at(-1));
  return last;
}

/** milliseconds; the middle of a few runs */
async function latency({ url }) {
  const runs = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await load(url, ASKING));
  return median(runs.map(({ p50 }) => p50));
}

/** From a push to the last client of two replicas; only one of them is told by the git host. */
async function replicas(work) {
  const origin = repository(join(work, 'origin'));
  const [one, other] = ['one', 'other'].map((name) => {
    git(work, 'clone', '--quiet', '--bare', origin, name);
    return join(work, name);
  });
  const env = { FLAGSTAFF_HOOK_SECRET: SECRET };
  const options = ['--source', 'git', '--ref', 'main', '--remote', origin, '--poll', '1h'];
  const push = async (url) => {
    commit(origin);
    const body = '{}';
    const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
    await fetch(`${url}/hooks/push`, { method: 'POST', headers, body });
  };
  const use = (second) => (first) => toldByPush([first, second], () => push(first.url));
  const worst = await withServer(
    other,
    options,
    (second) => withServer(one, [...options, '--peers', second.url], use(second), env),
    env,
  );
  return row('push to last client of two replicas', worst, { limit: PUSH_LIMIT }, 'ms');
}

/** The worst of all pushes, counted from before the git host tells. */
async function toldByPush(servers, push) {
  const listeners = new Listeners();
  try {
    for (const { url } of servers) await listeners.open(url, COUNTS[0]);
    const times = [];
    for (let number = 0; number < CHANGES; number++) {
      const start = performance.now();
      await listeners.timed(push);
      times.push(performance.now() - start);
    }
    return Math.max(...times);
  } finally {
    listeners.close();
  }
}

function repository(directory) {
  mkdirSync(directory, { recursive: true });
  writeFiles(directory, flagstaffRepository(plan(FLAGS)));
  git(directory, 'init', '--quiet', '--initial-branch=main');
  commit(directory);
  return directory;
}

let changes = 0;

/** Saves a flag that is new in meaning each time. */
function change(directory) {
  changes += 1;
  const text = `key: bench.changing\ntype: number\nvariants: { one: ${changes} }\ndefault: one\n`;
  writeFileSync(join(directory, 'bench.changing.flag.yaml'), text);
}

function commit(directory) {
  change(directory);
  git(directory, 'add', '--all');
  git(directory, '-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', 'commit', '--quiet', '-m', 'A change');
}

function git(directory, ...args) {
  execFileSync('git', args, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
}
