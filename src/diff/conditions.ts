import type { Comparison, Condition } from '../model/condition.js';
import { conditionsText, conditionText } from './canonical.js';
import { type Difference, difference } from './change.js';
import { conditionWords, questionWords } from './condition-words.js';
import { setWords } from './fields.js';
import { plainWords } from './words.js';

/**
 * What happened to conditions that must all hold. Those that ask the same question of the same attribute are one
 * condition that changed; the rest came or went. All of them carry `path`, since conditions have no names.
 */
export function diffConditions(
  path: string,
  label: string,
  before: readonly Condition[],
  after: readonly Condition[],
): Difference[] {
  if (conditionsText(before) === conditionsText(after)) return [];
  const gone = without(before, after);
  const come = without(after, before);
  const changed = pairUp(gone, come);
  return [
    ...changed.map(([old, now]) => difference(path, old, now, `${label}${changeWords(old, now)}`)),
    ...gone.filter(notIn(changed, 0)).map((old) => difference(path, old, undefined, removedWords(label, old))),
    ...come.filter(notIn(changed, 1)).map((now) => difference(path, undefined, now, addedWords(label, now))),
  ];
}

type Pair = readonly [Comparison, Comparison];

function without(conditions: readonly Condition[], others: readonly Condition[]): Condition[] {
  const known = new Set(flat(others).map(conditionText));
  const byText = new Map(flat(conditions).map((condition) => [conditionText(condition), condition]));
  return [...byText].filter(([text]) => !known.has(text)).map(([, condition]) => condition);
}

function flat(conditions: readonly Condition[]): Condition[] {
  return conditions.flatMap((condition) => ('all' in condition ? flat(condition.all) : [condition]));
}

function pairUp(gone: readonly Condition[], come: readonly Condition[]): Pair[] {
  const free = come.filter((condition) => 'operator' in condition);
  const pairs: Pair[] = [];
  for (const old of gone) {
    if (!('operator' in old)) continue;
    const at = free.findIndex((now) => sameQuestion(old, now));
    pairs.push(...free.splice(at, at < 0 ? 0 : 1).map((now): Pair => [old, now]));
  }
  return pairs;
}

function sameQuestion(a: Comparison, b: Comparison): boolean {
  return a.attribute === b.attribute && a.operator === b.operator && a.flag === b.flag;
}

function notIn(pairs: readonly Pair[], side: 0 | 1): (condition: Condition) => boolean {
  const paired = new Set<Condition>(pairs.map((pair) => pair[side]));
  return (condition) => !paired.has(condition);
}

function changeWords(old: Comparison, now: Comparison): string {
  const lists = Array.isArray(old.value) && Array.isArray(now.value);
  const delta = lists && old.ignore_case === now.ignore_case ? setWords(asList(old.value), asList(now.value)) : '';
  if (delta !== '') return `${subjectWords(old)}: ${delta}`;
  return `${conditionWords(old)} → ${conditionWords(now)}`;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function subjectWords(comparison: Comparison): string {
  return comparison.operator === 'serves' ? `flag ${plainWords(comparison.flag)} serves` : questionWords(comparison);
}

function removedWords(label: string, condition: Condition): string {
  return `${label}condition removed: ${conditionWords(condition)}`;
}

function addedWords(label: string, condition: Condition): string {
  return `${label}condition added: ${conditionWords(condition)}`;
}
