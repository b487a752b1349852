import { child } from '../diagnostics/pointer.js';
import type { Flag, Prerequisite } from '../model/flag.js';
import { plainDate } from './canonical.js';
import { type Change, type ChangeKind, changeOf, type Difference, difference, spread } from './change.js';
import { same } from './equal.js';
import { diffEntries, diffJson, diffSet, diffValue } from './fields.js';
import { diffExperiment, diffRollout } from './rollout.js';
import { diffRules } from './rules.js';
import { summaryWords } from './summary.js';
import { plainWords, valueWords, variantWords } from './words.js';

/** One flag as it stands in each environment. */
export type FlagVersions = ReadonlyMap<string, Flag>;

/**
 * What changed in the meaning of one flag; `undefined` stands for "there is none". What all environments of both sides
 * have in common is one change without an environment.
 */
export function diffFlag(before: FlagVersions | undefined, after: FlagVersions | undefined): Change[] {
  const [old, now] = [anyVersion(before), anyVersion(after)];
  if (!old || !before) return now && after ? [changeOf('flag_created', now.key, created(after))] : [];
  if (!now || !after) return [changeOf('flag_removed', old.key, difference('', summaryOf(old), undefined, 'removed'))];
  const shared = [...after.keys()].filter((environment) => before.has(environment));
  if (shared.length > 0 && shared.every((name) => same(before.get(name), after.get(name)))) return [];
  return [
    ...diffIdentity(old, now).map((found) => changeOf(kindOf(found, now), now.key, found)),
    ...spread(shared.map((environment) => [environment, diffVersions(before, after, environment)] as const)).flatMap(
      ({ found, environments }) => changesIn(now.key, found, environments.length === shared.length ? [] : environments),
    ),
  ];
}

/** No environments stand for all of them. */
function changesIn(key: string, found: Difference, environments: readonly string[]): Change[] {
  if (environments.length === 0) return [changeOf('flag_changed', key, found)];
  return environments.map((environment) => changeOf('flag_changed', key, found, environment));
}

function anyVersion(versions: FlagVersions | undefined): Flag | undefined {
  return versions?.values().next().value;
}

function created(versions: FlagVersions): Difference {
  const flag = anyVersion(versions);
  const text = `created (${flag?.type}); ${summaryWords(versions)}`;
  return difference('', undefined, flag && summaryOf(flag), text);
}

function summaryOf({ type, state, variants }: Flag): object {
  return { type, state, variants };
}

function kindOf({ path }: Difference, { state }: Flag): ChangeKind {
  if (path !== '/state') return 'flag_changed';
  return state === 'archived' ? 'flag_archived' : 'flag_restored';
}

function diffVersions(before: FlagVersions, after: FlagVersions, environment: string): Difference[] {
  const [old, now] = [before.get(environment), after.get(environment)];
  return old && now && !same(old, now) ? diffBehaviour(old, now) : [];
}

/** What a flag is: the same in every environment. */
function diffIdentity(before: Flag, after: Flag): Difference[] {
  if (before === after) return [];
  return [
    ...diffState(before, after),
    ...diffValue('/type', 'type', before.type, after.type, plainWords),
    ...diffEntries(before.variants, after.variants, diffVariant),
    ...diffValue('/bucket_by', 'bucket_by', before.bucket_by, after.bucket_by, plainWords),
    ...diffValue('/seed', 'seed', before.seed, after.seed),
    ...diffSet('/expose', 'exposed to', before.expose, after.expose),
    ...diffEntries(before.metadata, after.metadata, (key, old, now) =>
      diffValue(child('/metadata', key), `metadata ${plainWords(key)}`, old, now),
    ),
    ...diffJson('/value_schema', 'value_schema', before.value_schema, after.value_schema),
    ...diffPaperwork(before, after),
  ];
}

/** What only people read. */
function diffPaperwork(before: Flag, after: Flag): Difference[] {
  return [
    ...diffValue('/owner', 'owner', before.owner, after.owner, plainWords),
    ...diffValue('/purpose', 'purpose', before.purpose, after.purpose, plainWords),
    ...diffValue('/description', 'description', before.description, after.description),
    ...diffSet('/tags', 'tags', before.tags, after.tags),
    ...diffValue('/remove_by', 'remove_by', before.remove_by, after.remove_by, plainWords),
    ...diffValue('/snooze', 'snooze', before.snooze, after.snooze),
  ];
}

function diffState(before: Flag, after: Flag): Difference[] {
  if (before.state === after.state) return [];
  return [difference('/state', before.state, after.state, after.state === 'archived' ? 'archived' : 'restored')];
}

function diffVariant(name: string, before: unknown, after: unknown): Difference[] {
  const path = child('/variants', name);
  if (before === undefined) return [difference(path, before, after, `variant ${name} added: ${valueWords(after)}`)];
  if (after === undefined)
    return [difference(path, before, after, `variant ${name} removed (was ${valueWords(before)})`)];
  return diffJson(path, `variant ${name}:`, before, after);
}

/** What a flag does in one environment. */
function diffBehaviour(before: Flag, after: Flag): Difference[] {
  return [
    ...diffValue('/enabled', 'enabled', before.enabled, after.enabled),
    ...diffValue('/default', 'default', before.default, after.default, variantWords),
    ...diffValue('/off_variant', 'off_variant', before.off_variant, after.off_variant, variantWords),
    ...diffTime('starts_at', before.starts_at, after.starts_at),
    ...diffTime('expires_at', before.expires_at, after.expires_at),
    ...diffEntries(before.overrides, after.overrides, (variant, old, now) =>
      diffSet(child('/overrides', variant), `override ${variant}`, old, now),
    ),
    ...diffPrerequisites(before.prerequisites, after.prerequisites),
    ...diffRules(before.rules, after.rules),
    ...diffRollout(before.rollout, after.rollout),
    ...diffExperiment(before.experiment, after.experiment),
  ];
}

function diffTime(name: string, before: string | undefined, after: string | undefined): Difference[] {
  if (before !== undefined && after !== undefined && plainDate(before) === plainDate(after)) return [];
  return diffValue(`/${name}`, name, before, after, plainWords);
}

function diffPrerequisites(before: readonly Prerequisite[], after: readonly Prerequisite[]): Difference[] {
  return diffEntries(wantedVariants(before), wantedVariants(after), (flag, old, now) => {
    const path = child('/prerequisites', flag);
    const name = `prerequisite ${flag}`;
    if (!old) return [difference(path, old, now, `${name} added: must serve ${now?.join(' or ')}`)];
    if (!now) return [difference(path, old, now, `${name} removed (had to serve ${old.join(' or ')})`)];
    return [difference(path, old, now, `${name}: must serve ${old.join(' or ')} → ${now.join(' or ')}`)];
  });
}

/** Flag to the variants that it must serve one of; a flag that is named twice must satisfy both. */
function wantedVariants(prerequisites: readonly Prerequisite[]): Record<string, string[]> {
  const wanted = new Map<string, string[]>();
  for (const { flag, variants } of prerequisites) {
    const known = wanted.get(flag) ?? variants;
    wanted.set(flag, [...new Set(variants)].filter((variant) => known.includes(variant)).sort());
  }
  return Object.fromEntries(wanted);
}
