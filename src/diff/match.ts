import type { Rule } from '../model/flag.js';
import { conditionsText } from './canonical.js';
import { stableText } from './equal.js';
import { isPositional } from './words.js';

/** A rule before and after; the numbers are places in the two lists. */
export interface RulePair {
  readonly before: Rule;
  readonly after: Rule;
  readonly from: number;
  readonly to: number;
  /** Its place among the other pairs changed. */
  readonly moved: boolean;
}

export interface RuleMatch {
  /** In the order of the rules after. */
  readonly pairs: readonly RulePair[];
  /** Those without a partner after. What is in no pair after was added. */
  readonly removed: readonly Rule[];
}

/**
 * Which rule became which: first by the name a person gave, then by equal content, then by the name that the place
 * gave, and last by equal conditions.
 */
export function matchRules(before: readonly Rule[], after: readonly Rule[]): RuleMatch {
  const partners = new Map<number, number>();
  for (const identity of [givenName, content, anyName, conditions]) pairBy(identity, before, after, partners);
  const from = new Map([...partners].map(([old, now]) => [now, old]));
  return {
    pairs: markMoved(after.flatMap((rule, to) => pairAt(before, rule, from.get(to), to))),
    removed: before.filter((_, at) => !partners.has(at)),
  };
}

type Identity = (rule: Rule) => string | undefined;

const givenName: Identity = ({ name }) => (isPositional(name) ? undefined : name);
const anyName: Identity = ({ name }) => name;
const conditions: Identity = (rule) => conditionsText(rule.conditions);
const content: Identity = (rule) => `${conditionsText(rule.conditions)} ${stableText([rule.serve, rule.split])}`;

/** Pairs what is still alone and has the same identity, in order. */
function pairBy(
  identity: Identity,
  before: readonly Rule[],
  after: readonly Rule[],
  partners: Map<number, number>,
): void {
  const taken = new Set(partners.values());
  const waiting = new Map<string, number[]>();
  for (const [at, rule] of after.entries()) {
    const id = taken.has(at) ? undefined : identity(rule);
    if (id !== undefined) waiting.set(id, [...(waiting.get(id) ?? []), at]);
  }
  for (const [at, rule] of before.entries()) {
    const id = partners.has(at) ? undefined : identity(rule);
    const partner = id === undefined ? undefined : waiting.get(id)?.shift();
    if (partner !== undefined) partners.set(at, partner);
  }
}

function pairAt(before: readonly Rule[], after: Rule, from: number | undefined, to: number): RulePair[] {
  const old = from === undefined ? undefined : before[from];
  return old === undefined || from === undefined ? [] : [{ before: old, after, from, to, moved: false }];
}

/** The longest run of pairs that kept their order stays; the others moved. */
function markMoved(pairs: readonly RulePair[]): RulePair[] {
  const stayed = new Set(longestAscending(pairs.map(({ from }) => from)));
  return pairs.map((pair) => ({ ...pair, moved: !stayed.has(pair.from) }));
}

/** One of the longest ascending subsequences of distinct numbers. */
function longestAscending(numbers: readonly number[]): number[] {
  const runs: { last: number; length: number; previous: number }[] = [];
  for (const [at, last] of numbers.entries()) {
    let [length, previous] = [1, -1];
    for (const [earlier, run] of runs.entries()) {
      if (run.last < last && run.length >= length) [length, previous] = [run.length + 1, earlier];
    }
    runs[at] = { last, length, previous };
  }
  const longest = runs.reduce((best, run, at) => (run.length > (runs[best]?.length ?? 0) ? at : best), 0);
  const result: number[] = [];
  for (let run = runs[longest]; run !== undefined; run = runs[run.previous]) result.unshift(run.last);
  return result;
}
