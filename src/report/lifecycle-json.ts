import type { Days, Evidence } from '../lifecycle/evidence.js';
import type { LifecycleEntry } from '../lifecycle/stale.js';

/** The shape is `schemas/output/stale.schema.json`. */
export function lifecycleJson(entries: readonly LifecycleEntry[]): string {
  return `${JSON.stringify(entries.map(entryData), null, 2)}\n`;
}

function entryData({ flag, state, owner, evidence, action }: LifecycleEntry): object {
  const environments = Object.entries(evidence.environments).map(([name, { serves, unchanged }]) => {
    return [name, { ...(serves !== undefined && { serves }), ...daysData('unchanged_days', unchanged) }] as const;
  });
  return {
    flag,
    state,
    ...(owner !== undefined && { owner }),
    environments: Object.fromEntries(environments),
    evidence: evidenceData(evidence),
    action,
  };
}

function evidenceData(evidence: Evidence): object {
  const { purpose, lifetime, remove_by, snoozed, settled, age, unchanged } = evidence;
  const { dependents, references, removed, evaluations } = evidence;
  return {
    ...(purpose !== undefined && { purpose }),
    ...(lifetime !== undefined && { lifetime_days: lifetime }),
    ...(remove_by !== undefined && { remove_by }),
    ...(snoozed && { snoozed }),
    ...(settled && { everyone_gets: settled.answer }),
    ...daysData('age_days', age),
    ...daysData('unchanged_days', unchanged),
    ...(dependents.length > 0 && { dependents }),
    ...(references && { references }),
    ...(removed && {
      last_reference_removed: {
        ...(removed.commit !== undefined && { version: removed.commit }),
        ...daysData('days_ago', removed.days),
      },
    }),
    ...(evaluations && {
      evaluations: evaluations.count,
      evaluations_since: new Date(evaluations.since).toISOString(),
    }),
  };
}

/** What nobody looked beyond is a least number. */
function daysData(name: string, days: Days | undefined): object {
  if (days === undefined) return {};
  return { [name]: days.count, ...(days.atLeast && { [`${name}_at_least`]: true }) };
}
