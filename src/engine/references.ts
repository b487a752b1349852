import type { Condition } from '../model/condition.js';
import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';

/** The keys of what a flag or segment depends on. */
export interface References {
  readonly flags: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
}

/** An archived flag is never evaluated, so it depends on nothing. */
export function referencesOfFlag(flag: Flag): References {
  if (flag.state === 'archived') return collect([], [], []);
  const conditions = [...flag.rules.flatMap((rule) => rule.conditions), ...(flag.experiment?.conditions ?? [])];
  return collect(
    conditions,
    flag.prerequisites.map((prerequisite) => prerequisite.flag),
    [],
  );
}

export function referencesOfSegment({ conditions, parent }: Segment): References {
  return collect(conditions, [], parent === undefined ? [] : [parent]);
}

function collect(conditions: readonly Condition[], flags: readonly string[], segments: readonly string[]): References {
  const found = { flags: new Set(flags), segments: new Set(segments) };
  const pending = [...conditions];
  for (let condition = pending.pop(); condition !== undefined; condition = pending.pop()) {
    if ('all' in condition) for (const each of condition.all) pending.push(each);
    else if ('any' in condition) for (const each of condition.any) pending.push(each);
    else if ('not' in condition) pending.push(condition.not);
    else if (condition.operator === 'serves') found.flags.add(String(condition.flag));
    else if (condition.operator === 'in_segment' || condition.operator === 'not_in_segment') {
      found.segments.add(String(condition.value));
    }
  }
  return found;
}
