/**
 * What it costs to ask `flagstaff serve`, beside a server of `node:http` that reads the same body and gives a fixed
 * answer. All servers are processes of their own, and the same load is put on each in turn.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { flagstaffRepository, plan } from './generate.mjs';
import { load } from './load.mjs';
import { median } from './measure.mjs';
import { row } from './result.mjs';
import { serveBare, serveFlags, usageOf, writeFiles } from './serving.mjs';

const FLAGS = 10;
const ROUNDS = 5;
const SECONDS = 2;
const PEER = 'node:http';

const BODY = { context: { targetingKey: 'user-7', plan: 'pro', country: 'DE' } };

/** Of the bare server's rate we want at least so much. */
const SHARE = 0.6;

/** A single evaluation each over as many connections, to see what the server manages. */
const BUSY = { body: BODY, connections: 16, seconds: SECONDS };

/** Ten flags in one answer, over few connections: how long one client waits. */
const BULK = { path: '/ofrep/v1/evaluate/flags', body: BODY, connections: 4, seconds: SECONDS };

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  const work = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  const servers = [];
  try {
    const generated = plan(FLAGS);
    const ours = await serveFlags(writeFiles(work, flagstaffRepository(generated)));
    servers.push(ours);
    const path = `/ofrep/v1/evaluate/flags/${generated.flags[0].key}`;
    const bare = await serveBare(await gate(ours, path));
    servers.push(bare);
    say(`load average before: ${loadavg()[0].toFixed(1)}`);
    const rows = [...(await single(ours, bare, path)), ...(await bulk(ours))];
    say(`load average after: ${loadavg()[0].toFixed(1)}`);
    return { name: 'serve', rows };
  } finally {
    for (const server of servers) await server.stop();
    rmSync(work, { recursive: true });
  }
}

/** Fails the run unless the answers are those of flags; gives the single one. */
async function gate(server, path) {
  const answers = [];
  for (const asked of [BULK.path, path]) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(server.url + asked, { method: 'POST', headers, body: JSON.stringify(BODY) });
    answers.push(await answer.text());
    if (answer.status !== 200) throw new Error(`${asked} answers ${answer.status}: ${answers.at(-1)}`);
  }
  const { flags } = JSON.parse(answers[0]);
  const same = flags.find((flag) => path.endsWith(`/${flag.key}`));
  if (flags.length === FLAGS && JSON.stringify(same) === answers[1]) return answers[1];
  throw new Error('a single answer is not the one in the bulk');
}

async function single(ours, bare, path) {
  const runs = { ours: [], bare: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, server] of Object.entries({ ours, bare })) runs[name].push(await measured(server, path));
  }
  const middle = (name, number) => median(runs[name].slice(1).map((one) => one[number]));
  const beside = (title, number, unit) => row(title, middle('ours', number), { [PEER]: middle('bare', number) }, unit);
  return [
    beside('single evaluation', 'microseconds', 'us/request'),
    beside('p99 of a single evaluation', 'p99', 'ms'),
    beside('processor time of a single evaluation', 'processor', 'us/request'),
    row(
      'time of a single evaluation, in times of the bare server',
      middle('ours', 'microseconds') / middle('bare', 'microseconds'),
      { limit: 1 / SHARE },
      'times',
    ),
  ];
}

async function measured(server, path) {
  const before = await usageOf(server);
  const { perSecond, p99 } = await load(server.url, { ...BUSY, path });
  const { processorSeconds } = await usageOf(server);
  const processor = ((processorSeconds - before.processorSeconds) * 1e6) / (perSecond * SECONDS);
  return { microseconds: 1e6 / perSecond, p99, processor };
}

async function bulk({ url }) {
  const runs = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await load(url, BULK));
  const perSecond = median(runs.map((one) => one.perSecond)) * FLAGS;
  return [
    row('p99 of ten flags in one request', median(runs.map(({ p99 }) => p99)), { limit: 5 }, 'ms'),
    row('an evaluation in bulk requests, of 10,000 a second', 1e6 / perSecond, { limit: 100 }, 'us'),
  ];
}
