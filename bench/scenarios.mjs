/**
 * The flags and contexts of the `evaluate` benchmark, in Flagstaff's own model. Each peer translates
 * these same flags into its own configuration.
 *
 * @typedef {{ attribute: string, operator: 'in' | 'gte' | 'lt' | 'semver_gte' | 'semver_lt', value: unknown }} Comparison
 * @typedef {{ key: string, default: 'on' | 'off', rules: Comparison[][], percent?: number }} BenchFlag
 * A boolean flag: every rule serves `on`; `percent` is the share that a rollout turns on.
 * @typedef {Record<string, string | number | boolean>} Context
 */

import { randomSource } from './random.mjs';

/** A power of two, so that a loop can wrap around with a mask. */
export const POOL_SIZE = 1024;

const HOME_COUNTRIES = ['DE', 'FR', 'NL', 'ES', 'US'];
const OTHER_COUNTRIES = ['IT', 'PL', 'SE', 'DK', 'NO', 'FI', 'PT', 'GB', 'IE', 'AT', 'CH', 'BE'];

/** @type {BenchFlag} */
export const STATIC_FLAG = { key: 'static.boolean', default: 'on', rules: [] };

/** @type {BenchFlag} */
export const SPLIT_FLAG = { key: 'checkout.half', default: 'off', rules: [], percent: 50 };

/**
 * Ten rules of three conditions. For the contexts of the timed pool the first two conditions of each
 * rule hold and the third fails in the first nine rules, so all thirty conditions are looked at.
 *
 * @type {BenchFlag}
 */
export const NUMERIC_FLAG = {
  key: 'ten-rules.numeric',
  default: 'off',
  rules: countedRules(7, (rule, last) => [
    { attribute: 'account_age_days', operator: 'gte', value: 10 * rule },
    { attribute: 'orders', operator: 'lt', value: last ? 1000 : 2 * rule },
  ]),
};

/** @type {BenchFlag} */
export const SEMVER_FLAG = {
  key: 'ten-rules.semver',
  default: 'off',
  rules: countedRules(8, (rule, last) => [
    { attribute: 'app_version', operator: 'semver_gte', value: `1.${rule}.0` },
    { attribute: 'app_version', operator: 'semver_lt', value: last ? '9.0.0' : `1.${rule}.5` },
  ]),
};

/** 40 static flags, 40 with one to three rules, 20 splits. */
export const HUNDRED_FLAGS = [
  ...Array.from({ length: 40 }, (_, index) => staticFlag(index)),
  ...Array.from({ length: 40 }, (_, index) => ruleFlag(index)),
  ...Array.from({ length: 20 }, (_, index) => splitFlag(index)),
];

/** Five flags without rules, three with rules, two splits. */
export const TEN_FLAGS = [...HUNDRED_FLAGS.slice(35, 40), ...HUNDRED_FLAGS.slice(77, 82)];

export const ALL_FLAGS = [STATIC_FLAG, SPLIT_FLAG, NUMERIC_FLAG, SEMVER_FLAG, ...HUNDRED_FLAGS];

/** @param {number} seed @param {(rule: number, last: boolean) => Comparison[]} rest @returns {Comparison[][]} */
function countedRules(seed, rest) {
  const random = randomSource(seed);
  return Array.from({ length: 10 }, (_, index) => [
    { attribute: 'country', operator: 'in', value: countries(random) },
    ...rest(index + 1, index === 9),
  ]);
}

/** @param {ReturnType<typeof randomSource>} random */
function countries(random) {
  return random.sample([...HOME_COUNTRIES, ...random.sample(OTHER_COUNTRIES, 3)], 8);
}

/** @param {number} index @returns {BenchFlag} */
function staticFlag(index) {
  return { key: `area${index % 7}.static-${index}`, default: index % 3 === 0 ? 'off' : 'on', rules: [] };
}

/** @param {number} index @returns {BenchFlag} */
function ruleFlag(index) {
  const rules = NUMERIC_FLAG.rules.concat(SEMVER_FLAG.rules).slice(index % 17, (index % 17) + 1 + (index % 3));
  return { key: `area${index % 7}.rules-${index}`, default: 'off', rules };
}

/** @param {number} index @returns {BenchFlag} */
function splitFlag(index) {
  return { key: `area${index % 7}.split-${index}`, default: 'off', rules: [], percent: 5 * (index + 1) - 2 };
}

/** Contexts for which only the last of ten rules matches. @returns {Context[]} */
export function timedContexts() {
  const random = randomSource(1);
  return Array.from({ length: POOL_SIZE }, () =>
    context(random, {
      country: random.pick(HOME_COUNTRIES),
      account_age_days: random.integer(100, 4000),
      orders: random.integer(20, 900),
      app_version: `${random.integer(2, 8)}.${random.integer(0, 30)}.${random.integer(0, 30)}`,
    }),
  );
}

/** Contexts that match any rule or none: what the correctness gate asks. @param {number} count @returns {Context[]} */
export function gateContexts(count) {
  const random = randomSource(2);
  return Array.from({ length: count }, () =>
    context(random, {
      country: random.pick([...HOME_COUNTRIES, ...OTHER_COUNTRIES]),
      account_age_days: random.integer(0, 130),
      orders: random.pick([random.integer(0, 22), random.integer(990, 1010)]),
      app_version: random.pick([`1.${random.integer(0, 11)}.${random.integer(0, 8)}`, `9.0.${random.integer(0, 2)}`]),
    }),
  );
}

/** @param {ReturnType<typeof randomSource>} random @param {Context} targeted @returns {Context} */
function context(random, targeted) {
  return {
    targetingKey: `user-${random.integer(0, 2 ** 31).toString(36)}`,
    plan: random.pick(['free', 'pro', 'enterprise']),
    beta_tester: random.fraction() < 0.1,
    ...targeted,
  };
}

/**
 * What a flag without a split must serve, worked out here in the plainest way. Splits hash differently
 * in each product; for them the gate looks at the share.
 *
 * @param {BenchFlag} flag @param {Context} subject
 */
export function expected(flag, subject) {
  return flag.default === 'on' || flag.rules.some((rule) => rule.every((comparison) => holds(comparison, subject)));
}

/** @param {Comparison} comparison @param {Context} subject */
function holds({ attribute, operator, value }, subject) {
  const seen = subject[attribute];
  switch (operator) {
    case 'in':
      return /** @type {unknown[]} */ (value).includes(seen);
    case 'gte':
      return seen >= /** @type {number} */ (value);
    case 'lt':
      return seen < /** @type {number} */ (value);
    case 'semver_gte':
      return versionNumber(seen) >= versionNumber(value);
    case 'semver_lt':
      return versionNumber(seen) < versionNumber(value);
  }
}

/** Orders versions whose parts are below 1000. @param {unknown} version */
function versionNumber(version) {
  return String(version)
    .split('.')
    .reduce((sum, part) => sum * 1000 + Number(part), 0);
}
