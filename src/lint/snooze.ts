import { parseInstant } from '../engine/instant.js';
import type { WrittenFlag } from '../project/written.js';

/** Has somebody said that this flag may stay a while longer? `now` is in milliseconds since 1970. */
export function isSnoozed({ snooze }: WrittenFlag, now: number): boolean {
  const until = snooze === undefined ? undefined : parseInstant(snooze.until);
  return until !== undefined && now < until;
}
