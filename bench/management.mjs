/**
 * Changes over HTTP, each a commit that is served before it is answered: how long a PATCH takes with 10 and 10,000
 * flags, beside `git commit` of one file from the shell; what it costs that nobody sees half of a segment; and when a
 * client of the stream hears of it.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { plan } from './generate.mjs';
import { Listeners } from './listeners.mjs';
import { percentile } from './load.mjs';
import { median } from './measure.mjs';
import { row } from './result.mjs';
import { serveFlags } from './serving.mjs';
import { commitLine, ENVIRONMENT, git, makeRepository } from './written-repository.mjs';

const SIZES = [10, 10_000];
const WRITES = 40;
const WRITERS = 8;
const SHELL = 'git commit';

/** A segment whose conditions change may cost this many times what one costs whose description does. */
const MOST = 1.1;

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  const work = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const rows = [];
    for (const flags of SIZES) {
      say(`changing ${flags} flags over HTTP`);
      rows.push(...(await ofSize(join(work, String(flags)), flags)));
    }
    return { name: 'management', rows };
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function ofSize(directory, flags) {
  const planned = plan(flags);
  const path = makeRepository(directory, planned);
  const shell = inTheShell(directory, path);
  const bare = `${directory}.git`;
  git(directory, 'clone', '-q', '--bare', '.', bare);
  const options = ['--source', 'git', '--ref', 'main', '--write-mode', 'direct'];
  const server = await serveFlags(bare, options, ENVIRONMENT);
  try {
    const writes = await timeFlag(server, planned.flags[0]);
    const segment = await timeSegment(server, planned.segments[0]);
    const perWrite = await timeTogether(server, planned.flags);
    gate(bare);
    return rowsOf(flags, { shell, writes, segment, perWrite });
  } finally {
    await server.stop();
  }
}

/** Every change that was acknowledged is a commit. */
function gate(bare) {
  const commits = Number(git(bare, 'rev-list', '--count', 'main'));
  if (commits !== 1 + acknowledged)
    throw new Error(`${acknowledged} changes were acknowledged, ${commits - 1} are there`);
  acknowledged = 0;
}

let acknowledged = 0;

async function patch({ url }, path, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'PATCH', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
  acknowledged += 1;
}

/** One change after the other. @returns {Promise<{ answers: number[], events: number[] }>} milliseconds */
async function timeFlag(server, { key }) {
  const listeners = new Listeners();
  const answers = [];
  const events = [];
  try {
    await listeners.open(server.url, 1);
    const change = (number) => patch(server, `/flags/${key}`, { rollout: { split: { on: number } } });
    await change(100);
    for (let number = 0; number < WRITES; number++) {
      const [event] = await listeners.timed(async () => {
        const start = performance.now();
        await change(number);
        answers.push(performance.now() - start);
      });
      events.push(event);
    }
  } finally {
    listeners.close();
  }
  return { answers, events };
}

/** What a segment asks for, and what it says of itself, in turn. @returns {Promise<{ meaning: number[], words: number[] }>} */
async function timeSegment(server, { key }) {
  const times = { meaning: [], words: [] };
  const timed = async (name, body) => {
    const start = performance.now();
    await patch(server, `/segments/${key}`, body);
    times[name].push(performance.now() - start);
  };
  for (let number = 0; number < WRITES; number++) {
    const conditions = [
      { attribute: 'plan', operator: 'eq', value: 'pro' },
      { attribute: 'account_age_days', operator: 'gte', value: 5000 + number },
    ];
    await timed('meaning', { conditions });
    await timed('words', { description: `Those of turn ${number}` });
  }
  return times;
}

/** Several writers at once, each with a flag of its own. @returns {Promise<number>} milliseconds a write */
async function timeTogether(server, flags) {
  const start = performance.now();
  const writers = flags.slice(0, WRITERS).map(async ({ key }) => {
    for (let number = 0; number < WRITES / WRITERS; number++) {
      await patch(server, `/flags/${key}`, { description: `Turn ${number}` });
    }
  });
  await Promise.all(writers);
  return (performance.now() - start) / WRITES;
}

/** What a person does, without typing, on a branch of its own. @returns {number[]} milliseconds */
function inTheShell(directory, path) {
  git(directory, 'switch', '-q', '-c', 'shell');
  const times = [];
  for (let number = 0; number < WRITES; number++) {
    const start = performance.now();
    commitLine(directory, path, `# ${number}`);
    times.push(performance.now() - start);
  }
  return times;
}

function rowsOf(flags, { shell, writes, segment, perWrite }) {
  const of = (what) => `${flags.toLocaleString('en')} flags, ${what}`;
  const words = median(segment.words);
  return [
    row(of('a PATCH, median'), median(writes.answers), { [SHELL]: median(shell) }, 'ms'),
    row(of('a PATCH, p99'), percentile(writes.answers, 99), { [SHELL]: percentile(shell, 99) }, 'ms'),
    row(of(`a PATCH of ${WRITERS} writers at once`), perWrite, { [SHELL]: median(shell) }, 'ms'),
    row(of('answer to event at a client'), median(writes.events), {}, 'ms'),
    row(
      of('conditions of a segment'),
      median(segment.meaning),
      { 'its description': words, limit: words * MOST },
      'ms',
    ),
  ];
}
