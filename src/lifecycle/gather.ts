import { dependentsIn } from '../diff/dependents.js';
import { parseInstant } from '../engine/instant.js';
import type { Flag } from '../model/flag.js';
import type { Settings, Snapshot } from '../model/snapshot.js';
import { constantAnswer, untouchedByTimeSince } from './constancy.js';
import type { EvaluationCounts } from './evaluation-counts.js';
import type { Days, EnvironmentEvidence, Evaluations, Evidence, Reference } from './evidence.js';
import { LISTENED, lifetimeOf } from './state.js';

/** What was found outside the flag repository. What is left out was not looked at. */
export interface Facts {
  /** milliseconds since 1970 */
  readonly now: number;
  /** Since when a flag has meant the same. */
  readonly times?: FlagHistory;
  /** Where code speaks of a key. */
  readonly references?: ReadonlyMap<string, readonly Reference[]>;
  /** How often servers answered for a key. */
  readonly evaluations?: EvaluationCounts;
}

/** Times in milliseconds since 1970. */
export interface FlagHistory {
  /** Nobody looked further back than this; `-Infinity` when there is nothing before. */
  readonly since: number;
  created(key: string): number | undefined;
  changed(key: string, environment: string): number | undefined;
}

const DAY = 86_400_000;

/** Everything that is known of each flag, by key. */
export function gather(snapshot: Snapshot, facts: Facts): Map<string, Evidence> {
  const dependents = dependentsByKey(snapshot);
  const look = gathererOf(snapshot, facts);
  return new Map(flagsIn(snapshot).map((flag) => [flag.key, look(flag, [...(dependents.get(flag.key) ?? [])].sort())]));
}

/** Every flag once, whatever its environments say. */
export function flagsIn({ settings, definitions }: Snapshot): readonly Flag[] {
  return definitions.get(settings.defaultEnvironment)?.flags ?? [];
}

/** Everything that is known of one flag, beside those that depend on it. */
export function gathererOf(
  { settings, definitions }: Snapshot,
  facts: Facts,
): (flag: Flag, dependents: readonly string[]) => Evidence {
  const views = settings.environments.map((name) => [name, byKey(definitions.get(name)?.flags ?? [])] as const);
  return (flag, dependents) => {
    const here = views.flatMap(([name, all]) => {
      const one = all.get(flag.key);
      return one === undefined ? [] : [[name, environmentEvidence(one, name, facts)] as const];
    });
    return evidenceOf(flag, Object.fromEntries(here), dependents, settings, facts);
  };
}

function byKey(flags: readonly Flag[]): Map<string, Flag> {
  return new Map(flags.map((flag) => [flag.key, flag]));
}

function evidenceOf(
  flag: Flag,
  environments: Readonly<Record<string, EnvironmentEvidence>>,
  dependents: readonly string[],
  settings: Settings,
  facts: Facts,
): Evidence {
  const { key, purpose, remove_by, snooze } = flag;
  const counting = settings.protected.length > 0 ? settings.protected : settings.environments;
  const deciding = counting.flatMap((name) => environments[name] ?? []);
  const lifetime = lifetimeOf(purpose, settings);
  return {
    archived: flag.state === 'archived',
    ...(purpose && { purpose }),
    ...(lifetime !== undefined && { lifetime }),
    ...(remove_by !== undefined && { remove_by }),
    overdue: remove_by !== undefined && isPast(remove_by, facts.now),
    ...(snooze && !isPast(snooze.until, facts.now) && { snoozed: snooze }),
    environments,
    ...settledOf(deciding),
    ...named('age', ageOf(key, facts)),
    ...named('unchanged', youngest(deciding)),
    dependents,
    ...named('references', facts.references && (facts.references.get(key) ?? [])),
    ...named('evaluations', evaluationsOf(flag, facts)),
  };
}

/** What was counted of one key; of an archived flag, since it was archived. */
export function evaluationsOf(
  { key, state }: Pick<Flag, 'key'> & Partial<Pick<Flag, 'state'>>,
  { evaluations, now }: Pick<Facts, 'evaluations' | 'now'>,
): Evaluations | undefined {
  if (evaluations === undefined) return undefined;
  const { since, allSince, byFlag, inVain } = evaluations;
  const count = (state === 'archived' ? inVain : byFlag).get(key) ?? 0;
  if (count > 0) return { count, since };
  return { count, since: allSince, ...(wholeDays(now - allSince) < LISTENED && { brief: true }) };
}

function environmentEvidence(flag: Flag, environment: string, { now, times }: Facts): EnvironmentEvidence {
  const answer = constantAnswer(flag, now);
  const unchanged = times && daysSince(lastTime(times.changed(flag.key, environment), flag, times, now), times, now);
  return { ...named('serves', answer), ...named('unchanged', unchanged) };
}

function ageOf(key: string, { now, times }: Facts): Days | undefined {
  return times && daysSince(times.created(key), times, now);
}

/** A change by somebody, or what somebody has planned before that. What no commit knows of yet has no time. */
function lastTime(changed: number | undefined, flag: Flag, { since }: FlagHistory, now: number): number | undefined {
  const planned = untouchedByTimeSince(flag, now);
  if (changed === undefined) return Number.isFinite(since) && planned >= since ? planned : undefined;
  return Math.max(changed, planned);
}

/** What is not on record happened before anybody looked; where nobody could look, nothing is known. */
function daysSince(time: number | undefined, { since }: FlagHistory, now: number): Days | undefined {
  if (time !== undefined) return { count: wholeDays(now - time) };
  return Number.isFinite(since) ? { count: wholeDays(now - since), atLeast: true } : undefined;
}

function wholeDays(milliseconds: number): number {
  return Math.max(0, Math.floor(milliseconds / DAY));
}

function settledOf(deciding: readonly EnvironmentEvidence[]): Pick<Evidence, 'settled'> {
  const [first] = deciding;
  if (first?.serves === undefined || deciding.some(({ serves }) => serves !== first.serves)) return {};
  return { settled: { answer: first.serves } };
}

/** Nothing is known as long as one of them is not. */
function youngest(deciding: readonly EnvironmentEvidence[]): Days | undefined {
  const [first, ...others] = deciding.map(({ unchanged }) => unchanged);
  return others.reduce(
    (least, days) => (least && days && days.count < least.count ? days : least && days && least),
    first,
  );
}

/** For each flag the keys of those that ask for it in any environment. */
function dependentsByKey({ definitions }: Snapshot): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const one of definitions.values()) {
    for (const [node, dependents] of dependentsIn(one)) {
      if (!node.startsWith('flag:')) continue;
      const key = keyOf(node);
      const keys = found.get(key) ?? new Set();
      found.set(key, keys);
      for (const { by } of dependents) keys.add(keyOf(by));
    }
  }
  return found;
}

function keyOf(node: string): string {
  return node.slice(node.indexOf(':') + 1);
}

function isPast(time: string, now: number): boolean {
  return (parseInstant(time) ?? Number.POSITIVE_INFINITY) <= now;
}

function named<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]: Value });
}
