import { child } from '../diagnostics/pointer.js';
import type { Rule } from '../model/flag.js';
import { type Difference, difference } from './change.js';
import { conditionsWords } from './condition-words.js';
import { diffConditions } from './conditions.js';
import { matchRules, type RulePair } from './match.js';
import { diffSplit } from './split.js';
import { isPositional, ruleWords, splitWords, variantWords } from './words.js';

/** Rules that came, went, moved, were renamed or changed; see {@link matchRules} for which rule is which. */
export function diffRules(before: readonly Rule[], after: readonly Rule[]): Difference[] {
  const { pairs, removed } = matchRules(before, after);
  const kept = new Map(pairs.map((pair) => [pair.to, diffPair(pair, after)]));
  const found = after.flatMap((rule, at) => kept.get(at) ?? [addedRule(rule, at, after)]);
  return [...removed.map(removedRule), ...found];
}

function pathOf(rule: Rule): string {
  return child('/rules', rule.name);
}

function removedRule(rule: Rule): Difference {
  const words = `${ruleWords(rule.name)} removed (${meaningWords(rule)})`;
  return difference(pathOf(rule), rule, undefined, words);
}

function addedRule(rule: Rule, at: number, rules: readonly Rule[]): Difference {
  const words = `${ruleWords(rule.name)} added ${placeWords(at, rules)}: ${meaningWords(rule)}`;
  return difference(pathOf(rule), undefined, rule, words);
}

/** `country in [DE, FR] serves on` */
function meaningWords(rule: Rule): string {
  return `${conditionsWords(rule.conditions)} serves ${servedWords(rule)}`;
}

function servedWords({ serve, split }: Rule): string {
  return split ? splitWords(split) : variantWords(serve ?? null);
}

function placeWords(at: number, rules: readonly Rule[]): string {
  const previous = rules[at - 1];
  return previous === undefined ? 'first' : `after ${previousWords(previous)}`;
}

function previousWords({ name }: Rule): string {
  return isPositional(name) ? name : JSON.stringify(name);
}

function diffPair(pair: RulePair, rules: readonly Rule[]): Difference[] {
  const { before, after } = pair;
  return [
    ...renamed(pair),
    ...(pair.moved ? [movedRule(pair, rules)] : []),
    ...diffConditions(child(pathOf(after), 'conditions'), labelOf(after), before.conditions, after.conditions),
    ...diffServed(before, after),
  ];
}

/** The name that comes with a place is none that could change. */
function renamed({ before, after }: RulePair): Difference[] {
  if (before.name === after.name || (isPositional(before.name) && isPositional(after.name))) return [];
  const words = `${ruleWords(before.name)} renamed to ${previousWords(after)}`;
  return [difference(child(pathOf(after), 'name'), before.name, after.name, words)];
}

function movedRule({ after, from, to }: RulePair, rules: readonly Rule[]): Difference {
  const words = `${ruleWords(after.name)} moved ${to === 0 ? 'to the top' : placeWords(to, rules)}`;
  return difference(pathOf(after), from + 1, to + 1, words);
}

function labelOf(rule: Rule): string {
  return `${ruleWords(rule.name)}: `;
}

function diffServed(before: Rule, after: Rule): Difference[] {
  if (before.split && after.split) {
    return diffSplit(child(pathOf(after), 'split'), labelOf(after), before.split, after.split);
  }
  const [old, now] = [servedWords(before), servedWords(after)];
  if (old === now) return [];
  const path = child(pathOf(after), after.split ? 'split' : 'serve');
  const was = before.split ?? before.serve;
  return [difference(path, was, after.split ?? after.serve, `${labelOf(after)}serves ${old} → ${now}`)];
}
