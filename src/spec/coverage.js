export const ANSWERS = { yes: 'member', no: 'not a member' };
/** Which rules, variants, environments and segments the cases exercised, told by what their evaluations touched. */
export function coverageOf(snapshot, results) {
  const units = unitsOf([...snapshot.definitions.values()]);
  const exercised = results.flatMap((result) => result.exercised ?? []);
  const missing = units.filter((unit) => !exercised.some((one) => isExercised(unit, one)));
  const covered = units.length - missing.length;
  const percent = units.length === 0 ? 100 : (covered * 100) / units.length;
  return { percent, covered, total: units.length, missing };
}
function isExercised(unit, { flag, environment, rules, variants, segments }) {
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
function unitsOf(environments) {
  const standings = new Map();
  for (const { environment, flags } of environments) {
    for (const flag of flags) {
      if (flag.state === 'active') standings.set(flag.key, [...(standings.get(flag.key) ?? []), { environment, flag }]);
    }
  }
  return [...[...standings.values()].flatMap(flagUnits), ...segmentUnits(environments[0]?.segments ?? [])];
}
function flagUnits(standings) {
  const flag = standings[0]?.flag.key ?? '';
  return [...environmentUnits(standings), ...ruleUnits(standings), ...variantUnits(standings)].map((unit) => ({
    flag,
    ...unit,
  }));
}
function environmentUnits(standings) {
  const alike = groupBy(standings, ({ flag }) => JSON.stringify(flag));
  return alike.map((group) => {
    const environments = group.map(({ environment }) => environment);
    return { kind: 'environment', name: environments.join(', '), environments };
  });
}
function ruleUnits(standings) {
  const places = standings
    .filter(({ flag }) => flag.enabled)
    .flatMap(({ environment, flag }) => flag.rules.map((rule) => [environment, rule]));
  return groupBy(places, ([, rule]) => JSON.stringify(rule)).map((group) => ({
    kind: 'rule',
    name: group[0]?.[1].name ?? '',
    environments: group.map(([environment]) => environment),
  }));
}
function variantUnits(standings) {
  const names = new Set(standings.flatMap(({ flag }) => servableVariants(flag)));
  return [...names].map((name) => ({ kind: 'variant', name }));
}
/** What a flag can serve as it stands: a killed one only its `off_variant`. */
function servableVariants(flag) {
  const conditional = flag.starts_at !== undefined || flag.expires_at !== undefined || flag.prerequisites.length > 0;
  const off = conditional || !flag.enabled ? [flag.off_variant] : [];
  const served = flag.enabled ? [...Object.keys(flag.overrides), ...ruleVariants(flag), ...restVariants(flag)] : [];
  return [...served, ...off].filter((variant) => variant !== null);
}
function ruleVariants({ rules }) {
  return rules.flatMap(({ serve, split }) => (serve === undefined ? splitVariants({ split: split ?? [] }) : [serve]));
}
/** A rollout of one variant to everyone leaves nobody for the default. */
function restVariants(flag) {
  const rollout = flag.rollout ?? flag.experiment;
  if (!rollout) return [flag.default];
  const variants = [rollout, ...(rollout.steps ?? [])].flatMap(splitVariants);
  return takesEverybody(flag) ? variants : [...variants, flag.default];
}
function takesEverybody({ rollout, experiment }) {
  const { percent = 100, split, steps } = rollout ?? experiment ?? {};
  const audience = experiment !== undefined && (experiment.conditions !== undefined || experiment.slot !== undefined);
  return !audience && !steps && percent === 100 && split?.some((share) => share.percent === 100) === true;
}
function splitVariants({ split }) {
  return (split ?? []).flatMap(({ variant, percent }) => (percent > 0 ? [variant] : []));
}
function segmentUnits(segments) {
  const byKey = new Map(segments.map((segment) => [segment.key, segment]));
  return segments.flatMap((segment) => {
    const answers = canHaveMembers(segment, byKey) ? [ANSWERS.yes, ANSWERS.no] : [ANSWERS.no];
    return answers.map((name) => ({ kind: 'answer', segment: segment.key, name }));
  });
}
/** A segment that is disabled, or below one that is, has none. The gate has made sure that parents form no circle. */
function canHaveMembers(segment, byKey) {
  let current = segment;
  while (current?.enabled && current.parent !== undefined) current = byKey.get(current.parent);
  return current?.enabled === true;
}
function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}
