/**
 * A server that runs meets one changed flag among 10,000: what publishing it takes, beside a full compile of the same
 * files, and what evaluations in the same process notice of it.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { evaluatorFor } from '../dist/engine/evaluator.js';
import { compile } from '../dist/project/compile.js';
import { Refresher } from '../dist/server/refresh/refresher.js';
import { Store } from '../dist/server/store.js';
import { flagstaffRepository, plan } from './generate.mjs';
import { median } from './measure.mjs';
import { row } from './result.mjs';

const FLAGS = 10_000;
const FULL = 3;
const RELOADS = 15;
/** turns of the event loop */
const BETWEEN = 50;
const ENVIRONMENT = 'production';

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  const files = flagstaffRepository(plan(FLAGS));
  say(`compiling ${FLAGS} flags from nothing, ${FULL} times`);
  const full = median(Array.from({ length: FULL }, () => timed(() => compile(files))));
  const served = await startedWith(files);
  const peakAtRest = peak();
  say(`reloading one changed flag, ${RELOADS} times`);
  const reloads = [];
  const waits = await waitsDuring(served, async () => {
    for (let time = 0; time < RELOADS; time++) {
      await quiet(BETWEEN);
      reloads.push(await reload(served, files, time));
    }
  });
  const rest = await waitsDuring(served, () => quiet(waits.length));
  return {
    name: 'reload',
    rows: [
      row(`reload of one flag among ${FLAGS.toLocaleString('en')}`, median(reloads), { 'a full compile': full }, 's'),
      row('longest stop of evaluations by a reload', Math.max(...waits) / 1000, { 'a full compile': full }, 's'),
      row('p99 between evaluations while reloading', percentile(waits), { 'at rest': percentile(rest) }, 'ms'),
      row('peak memory after the reloads', peak(), { 'before them': peakAtRest }, 'MB'),
    ],
  };
}

/** A refresher over files in memory: the time that git or a disk takes is not measured. */
async function startedWith(files) {
  const source = { files, version: 0 };
  const store = new Store();
  const candidate = () => ({
    files: source.files,
    revision: { version: String(source.version), author: '', message: '', at: '' },
    position: { height: source.version, history: '000000000000' },
  });
  const refresher = new Refresher({
    source: { origin: 'git', newest: async () => candidate(), descends: async () => true },
    store,
    allowRewind: false,
    now: () => 0,
    tell: () => undefined,
  });
  await refresher.start();
  return { source, store, refresher };
}

/** @returns {Promise<number>} seconds until the new state is published and its first evaluation is answered */
async function reload({ source, store, refresher }, files, time) {
  const index = files.findIndex(({ path }) => path.endsWith('.flag.yaml')) + ((time * 617) % FLAGS);
  const text = files[index].text.replace(/^description: .*$/m, `description: as of reload ${time}`);
  if (text === files[index].text) throw new Error(`nothing to change in ${files[index].path}`);
  source.files = files.with(index, { ...files[index], text });
  source.version += 1;
  const start = performance.now();
  await refresher.refresh();
  evaluate(store, 0);
  const seconds = (performance.now() - start) / 1000;
  if (store.current.revision.version !== String(source.version)) throw new Error('the change was not published');
  return seconds;
}

function evaluate(store, index) {
  const evaluator = evaluatorFor(store.current.snapshot.definitions.get(ENVIRONMENT));
  return evaluator.evaluate(evaluator.keys[index % 100], { targetingKey: `user-${index}`, country: 'DE' }, 0);
}

/** Evaluates in every turn of the event loop while `work` goes on. @returns {Promise<number[]>} milliseconds from answer to answer */
async function waitsDuring({ store }, work) {
  const waits = [];
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  let last = performance.now();
  while (!done) {
    await turn();
    evaluate(store, waits.length);
    const now = performance.now();
    waits.push(now - last);
    last = now;
  }
  await working;
  return waits;
}

/** As long as turns of the event loop take by themselves. */
async function quiet(turns) {
  for (let count = 0; count < turns; count++) await turn();
}

function percentile(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)];
}

function timed(task) {
  const start = performance.now();
  task();
  return (performance.now() - start) / 1000;
}

/** Node gives it in KiB, on every platform. */
function peak() {
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}
