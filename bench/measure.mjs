import { performance } from 'node:perf_hooks';

const BATCH_MS = 15;
const WARM_UP_BATCHES = 5;

/**
 * A task that is repeated: `keys` evaluated for one subject after the other. `countOn` says how many are on;
 * the sum over a pool of subjects is compared with the expected one after each batch, so no work can be
 * optimized away and nobody gets faster by answering something else.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {import('./peers/peer.mjs').Peer} peer
 * @property {readonly unknown[]} subjects a power of two of them
 * @property {readonly string[]} keys
 */

/**
 * Times contestants. They take turns, so that a busy moment of the machine hits all of them, and the order
 * turns by one each round; what counts is the median over the rounds.
 *
 * @param {readonly Contestant[]} contestants
 * @param {number} rounds
 * @returns {Promise<Record<string, number>>} name to nanoseconds per subject
 */
export async function race(contestants, rounds) {
  const runners = [];
  for (const contestant of contestants) runners.push(await warmUp(contestant));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < runners.length; turn++) await timeBatch(runners[(round + turn) % runners.length]);
  }
  return Object.fromEntries(runners.map(({ name, samples }) => [name, median(samples)]));
}

/** @param {Contestant} contestant */
async function warmUp({ name, peer, subjects, keys }) {
  const run = makeLoop(name, peer, subjects, keys);
  const runner = { name, run, size: subjects.length, pools: 1, sumOfPool: await run(subjects.length), samples: [] };
  while ((await timeBatch(runner)) < BATCH_MS) runner.pools *= 2;
  for (let batch = 0; batch < WARM_UP_BATCHES; batch++) await timeBatch(runner);
  runner.samples.length = 0;
  return runner;
}

/** @returns {Promise<number>} milliseconds that the batch took */
async function timeBatch(runner) {
  const count = runner.pools * runner.size;
  const start = performance.now();
  const result = runner.run(count);
  const sum = typeof result === 'number' ? result : await result;
  const took = performance.now() - start;
  if (sum !== runner.sumOfPool * runner.pools) throw new Error(`${runner.name} changed its answers while it was timed`);
  runner.samples.push((took * 1e6) / count);
  return took;
}

/**
 * Each contestant gets a loop compiled from a source of its own. In a loop shared by all, the call would be
 * megamorphic: a fixed cost that weighs most on the fastest.
 *
 * @returns {(count: number) => number | Promise<number>} evaluates for `count` subjects
 */
function makeLoop(name, peer, subjects, keys) {
  const source = `${peer.async ? 'async ' : ''}function loop(count) {
    // ${name}, ${keys.length} keys, ${keys[0]}
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const subject = subjects[i & ${subjects.length - 1}];
      ${step(peer, keys)}
    }
    return sum;
  }
  return loop;`;
  return new Function('subjects', 'keys', 'isOn', 'countOn', source)(subjects, keys, peer.isOn, peer.countOn);
}

function step(peer, keys) {
  const call = (/** @type {string} */ key) => `if (${peer.async ? 'await ' : ''}isOn(${key}, subject)) sum++;`;
  if (keys.length === 1) return call(JSON.stringify(keys[0]));
  return peer.countOn === undefined ? `for (const key of keys) ${call('key')}` : 'sum += countOn(keys, subject);';
}

/**
 * @param {(index: number) => unknown} call
 * @param {number} calls
 * @returns {number} the 99th percentile of single calls, in milliseconds
 */
export function p99(call, calls) {
  const samples = new Float64Array(calls);
  for (let index = 0; index < calls; index++) {
    const start = performance.now();
    call(index);
    samples[index] = performance.now() - start;
  }
  samples.sort();
  return samples[Math.floor(calls * 0.99)];
}

/** @param {readonly number[]} samples */
export function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
