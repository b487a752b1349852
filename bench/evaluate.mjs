/**
 * How long an evaluation takes, beside five other products' evaluators in the same process.
 */

import { p99, race } from './measure.mjs';
import { prepareFlagstaff } from './peers/flagstaff.mjs';
import { PEERS } from './peers/peer.mjs';
import { row } from './result.mjs';
import {
  ALL_FLAGS,
  expected,
  gateContexts,
  HUNDRED_FLAGS,
  NUMERIC_FLAG,
  SEMVER_FLAG,
  SPLIT_FLAG,
  STATIC_FLAG,
  TEN_FLAGS,
  timedContexts,
} from './scenarios.mjs';

const ROUNDS = 21;
const GATE_CONTEXTS = 400;
/** In points: almost four standard deviations of a share over the timed pool. */
const SHARE_TOLERANCE = 6;

const OURS = 'flagstaff';

/** Flags that are evaluated for one context; the unit is what one context costs. */
const SCENARIOS = [
  { scenario: 'static boolean', flags: [STATIC_FLAG], unit: 'ns/evaluation' },
  { scenario: 'ten rules of three conditions, numeric', flags: [NUMERIC_FLAG], unit: 'ns/evaluation' },
  { scenario: 'ten rules of three conditions, semver', flags: [SEMVER_FLAG], unit: 'ns/evaluation' },
  { scenario: '50 % split', flags: [SPLIT_FLAG], unit: 'ns/evaluation' },
  { scenario: '100 flags in one context', flags: HUNDRED_FLAGS, unit: 'ns/context' },
];

const LIMITS = [
  { scenario: 'p99 of the ten-rule flag', flags: [SEMVER_FLAG], calls: 50_000, limit: 1 },
  { scenario: 'p99 of ten flags for one context', flags: TEN_FLAGS, calls: 50_000, limit: 5 },
];

/** @param {(line: string) => void} say @returns {Promise<import('./result.mjs').Result>} */
export async function run(say) {
  // GrowthBook's messages for developers are left out as in production.
  process.env.NODE_ENV = 'production';
  const peers = await prepareAll();
  try {
    for (const [name, peer] of Object.entries(peers)) await gate(name, peer);
    say('all evaluators agree; timing');
    const rows = [];
    for (const scenario of SCENARIOS) rows.push(await compare(scenario, peers));
    return { name: 'evaluate', rows: [...rows, ...LIMITS.map((limit) => holdToLimit(limit, peers[OURS]))] };
  } finally {
    for (const peer of Object.values(peers)) peer.close?.();
  }
}

/** @returns {Promise<Record<string, import('./peers/peer.mjs').Peer>>} */
async function prepareAll() {
  const peers = {};
  for (const [name, prepare] of Object.entries({ [OURS]: prepareFlagstaff, ...PEERS })) {
    peers[name] = await prepare(ALL_FLAGS);
  }
  return peers;
}

/** Fails the run when an evaluator does not serve what the flags say. */
async function gate(name, peer) {
  for (const flag of ALL_FLAGS) {
    if (flag.percent === undefined) await gateTargeting(name, peer, flag);
    else await gateShare(name, peer, flag);
  }
}

async function gateTargeting(name, peer, flag) {
  for (const context of [...gateContexts(GATE_CONTEXTS), ...timedContexts()]) {
    const answer = await peer.isOn(flag.key, subjectOf(peer, context));
    if (answer === expected(flag, context)) continue;
    throw new Error(`${name} serves ${answer} for \`${flag.key}\` to ${JSON.stringify(context)}`);
  }
}

async function gateShare(name, peer, flag) {
  const contexts = timedContexts();
  let on = 0;
  for (const context of contexts) {
    const subject = subjectOf(peer, context);
    const answer = await peer.isOn(flag.key, subject);
    if (answer !== (await peer.isOn(flag.key, subject))) throw new Error(`${name} is not stable for \`${flag.key}\``);
    if (answer) on++;
  }
  const share = (100 * on) / contexts.length;
  if (Math.abs(share - flag.percent) <= SHARE_TOLERANCE) return;
  throw new Error(`${name} turns \`${flag.key}\` on for ${share.toFixed(1)} % in place of ${flag.percent} %`);
}

function subjectOf(peer, context) {
  return peer.subject === undefined ? context : peer.subject(context);
}

async function compare({ scenario, flags, unit }, peers) {
  const keys = flags.map((flag) => flag.key);
  const contestants = Object.entries(peers).map(([name, peer]) => {
    return { name, peer, keys, subjects: timedContexts().map((context) => subjectOf(peer, context)) };
  });
  const { [OURS]: ours, ...others } = await race(contestants, ROUNDS);
  return row(scenario, ours, others, unit);
}

function holdToLimit({ scenario, flags, calls, limit }, peer) {
  const keys = flags.map((flag) => flag.key);
  const contexts = timedContexts();
  const took = p99((index) => peer.countOn(keys, contexts[index % contexts.length]), calls);
  return row(scenario, took, { limit }, 'ms');
}
