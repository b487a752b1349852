import type { Definitions } from '../model/definitions.js';
import type { Flag } from '../model/flag.js';
import { parseInstant } from './instant.js';

const known = new WeakMap<Definitions, readonly number[]>();

/** The moments at which time alone changes flags of an environment: ascending, milliseconds since 1970. */
export function boundariesOf(definitions: Definitions): readonly number[] {
  const found = known.get(definitions);
  if (found !== undefined) return found;
  const times = definitions.flags.filter(({ state }) => state === 'active').flatMap(momentsOf);
  const boundaries = [...new Set(times)].sort((a, b) => a - b);
  known.set(definitions, boundaries);
  return boundaries;
}

/** How many of the moments are over. */
export function passed(boundaries: readonly number[], now: number): number {
  const next = boundaries.findIndex((time) => time > now);
  return next < 0 ? boundaries.length : next;
}

const NONE: readonly number[] = [];

/** The moments at which time alone may change what this flag answers, in no order. What is no date is none. */
export function momentsOf({ starts_at, expires_at, rollout, experiment }: Flag): readonly number[] {
  if (starts_at === undefined && expires_at === undefined && !rollout?.steps && !experiment?.steps) return NONE;
  const steps = [...(rollout?.steps ?? []), ...(experiment?.steps ?? [])].map(({ at }) => at);
  return [starts_at, expires_at, ...steps].flatMap((text) => {
    const time = text === undefined ? undefined : parseInstant(text);
    return time === undefined ? [] : [time];
  });
}
