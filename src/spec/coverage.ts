import type { Definitions } from '../model/definitions.js';
import type { Flag, Rollout, Rule } from '../model/flag.js';
import type { Segment } from '../model/segment.js';
import type { Snapshot } from '../model/snapshot.js';
import type { CaseResult, Exercised } from './case.js';

/**
 * One thing that a case should exercise:
 * - `environment`: the flag as it stands in these environments (where it stands the same, one of them is enough);
 * - `rule`: a rule that decides, in one of the environments where it stands just so and the flag is enabled;
 * - `variant`: a variant that the flag can serve, served in any environment;
 * - `answer`: a segment's `member` or `not a member`.
 */
export interface CoverageUnit {
  readonly kind: 'environment' | 'rule' | 'variant' | 'answer';
  readonly flag?: string;
  readonly segment?: string;
  readonly name: string;
  readonly environments?: readonly string[];
}

export interface Coverage {
  /** 100 when there is nothing to cover. */
  readonly percent: number;
  readonly covered: number;
  readonly total: number;
  /** By flag, then by segment, in the order of the keys. */
  readonly missing: readonly CoverageUnit[];
}

const ANSWERS = { yes: 'member', no: 'not a member' } as const;

/** A flag as it stands in one environment. */
interface Standing {
  readonly environment: string;
  readonly flag: Flag;
}

/** Which rules, variants, environments and segments the cases exercised, told by what their evaluations touched. */
export function coverageOf(snapshot: Snapshot, results: readonly CaseResult[]): Coverage {
  const units = unitsOf([...snapshot.definitions.values()]);
  const exercised = results.flatMap((result) => result.exercised ?? []);
  const missing = units.filter((unit) => !exercised.some((one) => isExercised(unit, one)));
  const covered = units.length - missing.length;
  const percent = units.length === 0 ? 100 : (covered * 100) / units.length;
  return { percent, covered, total: units.length, missing };
}

function isExercised(unit: CoverageUnit, { flag, environment, rules, variants, segments }: Exercised): boolean {
  if (unit.kind === 'answer') {
    return segments.some(
      ({ segment, member }) => segment === unit.segment && unit.name === (member ? ANSWERS.yes : ANSWERS.no),
    );
  }
  if (flag !== unit.flag) return false;
  if (unit.kind === 'variant') return variants.has(unit.name);
  if (unit.environments?.includes(environment) !== true) return false;
  return unit.kind === 'environment' || rules.has(unit.name);
}

function unitsOf(environments: readonly Definitions[]): CoverageUnit[] {
  const standings = new Map<string, Standing[]>();
  for (const { environment, flags } of environments) {
    for (const flag of flags) {
      if (flag.state === 'active') standings.set(flag.key, [...(standings.get(flag.key) ?? []), { environment, flag }]);
    }
  }
  return [...[...standings.values()].flatMap(flagUnits), ...segmentUnits(environments[0]?.segments ?? [])];
}

function flagUnits(standings: readonly Standing[]): CoverageUnit[] {
  const flag = standings[0]?.flag.key ?? '';
  return [...environmentUnits(standings), ...ruleUnits(standings), ...variantUnits(standings)].map((unit) => ({
    flag,
    ...unit,
  }));
}

function environmentUnits(standings: readonly Standing[]): CoverageUnit[] {
  const alike = groupBy(standings, ({ flag }) => JSON.stringify(flag));
  return alike.map((group) => {
    const environments = group.map(({ environment }) => environment);
    return { kind: 'environment', name: environments.join(', '), environments };
  });
}

function ruleUnits(standings: readonly Standing[]): CoverageUnit[] {
  const places = standings
    .filter(({ flag }) => flag.enabled)
    .flatMap(({ environment, flag }) => flag.rules.map((rule): [string, Rule] => [environment, rule]));
  return groupBy(places, ([, rule]) => JSON.stringify(rule)).map((group) => ({
    kind: 'rule',
    name: group[0]?.[1].name ?? '',
    environments: group.map(([environment]) => environment),
  }));
}

function variantUnits(standings: readonly Standing[]): CoverageUnit[] {
  const names = new Set(standings.flatMap(({ flag }) => servableVariants(flag)));
  return [...names].map((name) => ({ kind: 'variant', name }));
}

/** What a flag can serve as it stands: a killed one only its `off_variant`. */
function servableVariants(flag: Flag): string[] {
  const conditional = flag.starts_at !== undefined || flag.expires_at !== undefined || flag.prerequisites.length > 0;
  const off = conditional || !flag.enabled ? [flag.off_variant] : [];
  const served = flag.enabled ? [...Object.keys(flag.overrides), ...ruleVariants(flag), ...restVariants(flag)] : [];
  return [...served, ...off].filter((variant) => variant !== null);
}

function ruleVariants({ rules }: Flag): string[] {
  return rules.flatMap(({ serve, split }) => (serve === undefined ? splitVariants({ split: split ?? [] }) : [serve]));
}

/** A rollout of one variant to everyone leaves nobody for the default. */
function restVariants(flag: Flag): (string | null)[] {
  const rollout = flag.rollout ?? flag.experiment;
  if (!rollout) return [flag.default];
  const variants = [rollout, ...(rollout.steps ?? [])].flatMap(splitVariants);
  return takesEverybody(flag) ? variants : [...variants, flag.default];
}

function takesEverybody({ rollout, experiment }: Flag): boolean {
  const { percent = 100, split, steps } = rollout ?? experiment ?? {};
  const audience = experiment !== undefined && (experiment.conditions !== undefined || experiment.slot !== undefined);
  return !audience && !steps && percent === 100 && split?.some((share) => share.percent === 100) === true;
}

function splitVariants({ split }: Pick<Rollout, 'split'>): string[] {
  return (split ?? []).flatMap(({ variant, percent }) => (percent > 0 ? [variant] : []));
}

function segmentUnits(segments: readonly Segment[]): CoverageUnit[] {
  const byKey = new Map(segments.map((segment) => [segment.key, segment]));
  return segments.flatMap((segment) => {
    const answers = canHaveMembers(segment, byKey) ? [ANSWERS.yes, ANSWERS.no] : [ANSWERS.no];
    return answers.map((name): CoverageUnit => ({ kind: 'answer', segment: segment.key, name }));
  });
}

/** A segment that is disabled, or below one that is, has none. The gate has made sure that parents form no circle. */
function canHaveMembers(segment: Segment | undefined, byKey: ReadonlyMap<string, Segment>): boolean {
  let current = segment;
  while (current?.enabled && current.parent !== undefined) current = byKey.get(current.parent);
  return current?.enabled === true;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}
