import { TARGETING_KEY } from '../model/context.js';
import type { Segment } from '../model/segment.js';
import { unitReader } from './attribute.js';
import { compileConditions } from './conditions.js';
import { Fault } from './fault.js';
import type { Decide } from './run.js';
import { fail, type Scope, type Test } from './scope.js';
import { told } from './words.js';

/** Membership if this part of the segment decides it, else nothing. */
type Part = Decide<boolean | undefined>;

/** Is a context a member? Decided by the first part that decides. */
export function compileSegment(segment: Segment, scope: Scope): Test {
  const parts = segment.enabled ? partsOf(segment, scope) : [disabled(scope)];
  return (run) => {
    for (const part of parts) {
      const member = part(run);
      if (member !== undefined) return member;
    }
    return false;
  };
}

function disabled({ instrument }: Scope): Part {
  return instrument.step(
    'enabled',
    () => false,
    (enabled) => told(enabled, ''),
  );
}

function partsOf(segment: Segment, scope: Scope): readonly Part[] {
  return [
    ...listed('excluded', segment.excluded, false, scope),
    ...parentPart(segment, scope),
    ...listed('included', segment.included, true, scope),
    ...conditionsPart(segment, scope),
  ];
}

/** Membership of those whose targetingKey is listed. */
function listed(name: string, keys: readonly string[], member: boolean, scope: Scope): readonly Part[] {
  if (keys.length === 0) return [];
  const set = new Set(keys.filter((key) => key !== ''));
  const targetingKey = unitReader(scope.attribute(TARGETING_KEY));
  const isListed: Test = (run) => set.has(targetingKey(run));
  const test = scope.instrument.step(name, isListed, (holds) => told(holds, ''));
  return [(run) => (test(run) ? member : undefined)];
}

function parentPart({ parent }: Segment, scope: Scope): readonly Part[] {
  if (parent === undefined) return [];
  const found = scope.segment(parent);
  const test = found instanceof Fault ? fail(found) : found;
  return [(run) => (test(run) ? undefined : false)];
}

function conditionsPart({ conditions }: Segment, scope: Scope): readonly Part[] {
  return conditions.length === 0 ? [] : [compileConditions(conditions, scope)];
}
