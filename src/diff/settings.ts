import { child } from '../diagnostics/pointer.js';
import type { Attribute, Settings } from '../model/snapshot.js';
import { type Change, changeOf, type Difference, PROJECT_KEY } from './change.js';
import { diffEntries, diffJson, diffSet, diffValue } from './fields.js';
import { plainWords } from './words.js';

/** What changed in `flagstaff.yaml`: environments, declared attributes, policies. */
export function diffSettings(before: Settings, after: Settings): Change[] {
  if (before === after) return [];
  return differences(before, after).map((found) => changeOf('project_changed', PROJECT_KEY, found));
}

function differences(before: Settings, after: Settings): Difference[] {
  return [
    ...diffSet('/environments', 'environments', before.environments, after.environments),
    ...diffDefaultEnvironment(before, after),
    ...diffSet('/protected', 'protected', before.protected, after.protected),
    ...diffEntries(before.context, after.context, diffAttribute),
    ...diffEntries(before.naming, after.naming, (kind, old, now) =>
      diffValue(child('/naming', kind), `naming of ${kind}`, old, now),
    ),
    ...diffEntries(before.lint, after.lint, (code, old, now) =>
      diffValue(child('/lint', code), `lint ${code}`, old, now, plainWords),
    ),
    ...diffReview(before.review, after.review),
    ...diffJson('/lifecycle', 'lifecycle', before.lifecycle, after.lifecycle),
  ];
}

function diffDefaultEnvironment(before: Settings, after: Settings): Difference[] {
  const [old, now] = [before.defaultEnvironment, after.defaultEnvironment];
  return diffValue('/default_environment', 'default environment', old, now, plainWords);
}

function diffAttribute(name: string, before: Attribute | undefined, after: Attribute | undefined): Difference[] {
  const path = child('/context', name);
  const label = `context attribute ${name}`;
  if (!before || !after) return diffValue(path, label, before, after, ({ type }) => type);
  return [
    ...diffValue(child(path, 'type'), `${label} type`, before.type, after.type, plainWords),
    ...diffSet(child(path, 'enum'), `${label} enum`, before.enum, after.enum),
    ...diffValue(child(path, 'weights'), `${label} weights`, before.weights, after.weights, plainWords),
  ];
}

function diffReview(before: Settings['review'], after: Settings['review']): Difference[] {
  return [
    ...diffEntries(before.max_impact, after.max_impact, (environment, old, now) =>
      diffValue(
        child('/review/max_impact', environment),
        `review max_impact of ${environment}`,
        old,
        now,
        percentWords,
      ),
    ),
    ...diffValue('/review/population', 'review population', before.population, after.population, plainWords),
  ];
}

function percentWords(value: number): string {
  return `${value}%`;
}
