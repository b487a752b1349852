/**
 * What each peer of the `evaluate` benchmark gives.
 *
 * @typedef {object} Peer
 * @property {(key: string, subject: unknown) => boolean | Promise<boolean>} isOn one evaluation of a boolean flag
 * @property {(context: import('../scenarios.mjs').Context) => unknown} [subject] a context as this peer wants it, made
 *   beforehand and not timed; as it is, if left out
 * @property {(keys: readonly string[], subject: unknown) => number} [countOn] how many of these flags are on, where
 *   there is an API for several flags that is faster than one call each
 * @property {boolean} [async] `isOn` gives a promise
 * @property {() => void} [close]
 *
 * @typedef {(flags: readonly import('../scenarios.mjs').BenchFlag[]) => Promise<Peer>} Prepare
 */

import { prepareFeaturevisor } from './featurevisor.mjs';
import { prepareFlagd } from './flagd.mjs';
import { prepareGrowthBook } from './growthbook.mjs';
import { prepareLaunchDarkly } from './launchdarkly.mjs';
import { prepareUnleash } from './unleash.mjs';

/** @type {Readonly<Record<string, Prepare>>} by package name */
export const PEERS = {
  '@openfeature/flagd-core': prepareFlagd,
  '@growthbook/growthbook': prepareGrowthBook,
  'unleash-client': prepareUnleash,
  '@launchdarkly/node-server-sdk': prepareLaunchDarkly,
  '@featurevisor/sdk': prepareFeaturevisor,
};
