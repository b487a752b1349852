import { FlagdCore } from '@openfeature/flagd-core';

/** flagd's in-process evaluator. It compiles targeting to functions by itself. @type {import('./peer.mjs').Prepare} */
export async function prepareFlagd(flags) {
  const core = flagdCore(flags);
  return {
    isOn: (key, context) => core.resolveBooleanEvaluation(key, false, context).value,
  };
}

/** @param {readonly import('../scenarios.mjs').BenchFlag[]} flags */
export function flagdCore(flags) {
  const core = new FlagdCore();
  const configured = Object.fromEntries(flags.map((flag) => [flag.key, translate(flag)]));
  core.setConfigurations(JSON.stringify({ flags: configured }));
  return core;
}

function translate(flag) {
  const variants = { on: true, off: false };
  return { state: 'ENABLED', variants, defaultVariant: flag.default, targeting: targeting(flag) };
}

function targeting({ rules, percent }) {
  if (percent !== undefined) return fractional(percent);
  if (rules.length === 0) return {};
  return { if: [...rules.flatMap((rule) => [{ and: rule.map(condition) }, 'on']), 'off'] };
}

function fractional(percent) {
  const on = ['on', percent];
  const off = ['off', 100 - percent];
  return { fractional: [on, off] };
}

function condition({ attribute, operator, value }) {
  const seen = { var: attribute };
  switch (operator) {
    case 'in':
      return { in: [seen, value] };
    case 'gte':
      return { '>=': [seen, value] };
    case 'lt':
      return { '<': [seen, value] };
    case 'semver_gte':
      return { sem_ver: [seen, '>=', value] };
    case 'semver_lt':
      return { sem_ver: [seen, '<', value] };
  }
}
