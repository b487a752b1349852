import type { Purpose } from '../model/flag.js';
import type { Settings } from '../model/snapshot.js';
import type { Days, Evaluations, Evidence } from './evidence.js';

/** Where a flag stands in its life, and what that asks of its owner. */
export const STATES = {
  new: 'nothing: it is young',
  active: 'nothing: it tells users apart, or is meant to stay',
  launched: 'nothing yet: everyone has got the same for a while',
  potentially_stale: 'decide: finish it, give it a later `remove_by`, or `snooze` it with a reason',
  ready_for_code_removal: 'remove it from the code',
  needs_monitoring: 'wait until nothing that runs asks for it any more, then archive it',
  ready_to_archive: 'archive it',
  zombie: 'remove it from the code: it is archived, and callers get their own default',
  ghost: 'remove it from the code, or create it: callers get their own default',
} as const;

export type State = keyof typeof STATES;

/** The states in which somebody has something to do. */
export const STALE_STATES = [
  'potentially_stale',
  'ready_for_code_removal',
  'needs_monitoring',
  'ready_to_archive',
  'zombie',
  'ghost',
] as const satisfies readonly State[];

/** The states that a flag can be in for all that is known where nobody has looked at code. */
export const STATES_WITHOUT_CODE = [
  'new',
  'active',
  'launched',
  'potentially_stale',
  'zombie',
] as const satisfies readonly State[];

export type StaleState = (typeof STALE_STATES)[number];

export function isStale(state: State): state is StaleState {
  return STALE_STATES.some((stale) => stale === state);
}

/** Days; a purpose that is not here never grows old by itself. A flag without a purpose counts as a release. */
const LIFETIMES: Readonly<Partial<Record<Purpose, number>>> = { release: 40, experiment: 40, operational: 7 };

/** Days in which a flag is new, and after which one that gives everyone the same counts as launched. */
const NEW = 7;
const LAUNCHED = 7;

/** Days for which whatever was deployed with the last reference may still run. */
export const STILL_RUNNING = 14;

/** Days for which servers have to have counted before it says something that nobody asked. */
export const LISTENED = 1;

/** How many days a flag of this purpose may live; `undefined`: as long as it likes. */
export function lifetimeOf(purpose: Purpose | undefined, { lifecycle }: Pick<Settings, 'lifecycle'>) {
  return lifecycle[purpose ?? 'release'] ?? LIFETIMES[purpose ?? 'release'];
}

/** The longest past that can change a state, in days: older than that is just old. */
export function horizonOf({ lifecycle }: Pick<Settings, 'lifecycle'>): number {
  const { aliases: _, ...days } = lifecycle;
  return Math.max(NEW, LAUNCHED, ...Object.values(LIFETIMES), ...Object.values(days));
}

const DAY = 86_400_000;

/**
 * What to ask the history for.
 * @param now milliseconds since 1970, as is `since`
 */
export function pastThatMatters(settings: Pick<Settings, 'lifecycle' | 'environments'>, now: number) {
  return { since: now - horizonOf(settings) * DAY, environments: settings.environments };
}

/** The state that evidence shows. `undefined`: an archived flag that nobody asks for, as it should be. */
export function stateOf(evidence: Evidence, settings: Pick<Settings, 'lifecycle'>): State | undefined {
  if (evidence.archived) return isAskedFor(evidence) ? 'zombie' : undefined;
  const { launched = LAUNCHED, new: young = NEW } = settings.lifecycle;
  const settled = evidence.settled !== undefined;
  const expired = evidence.overdue || isAtLeast(evidence.unchanged, lifetimeOf(evidence.purpose, settings));
  if (settled && (expired || (isTemporary(evidence, settings) && isAtLeast(evidence.unchanged, launched)))) {
    const done = stateOfSettled(evidence, expired);
    if (done !== undefined) return done;
    if (!expired) return 'launched';
  }
  if (expired) return 'potentially_stale';
  return isLess(evidence.age, young) ? 'new' : 'active';
}

/** Of a flag that gives everyone the same: what is left to do, where the code has been looked at. */
function stateOfSettled(evidence: Evidence, expired: boolean): State | undefined {
  const { references, dependents, removed, removalHidden, evaluations } = evidence;
  if (references === undefined || dependents.length > 0) return undefined;
  if (references.length > 0) return expired ? 'ready_for_code_removal' : undefined;
  // Nobody has asked for it yet, as far as the history tells: the code may still be to come.
  if (!expired && removed === undefined) return undefined;
  const asked = isEvaluated(evaluations) || evaluations?.brief === true;
  const runs = asked || removalHidden === true || isLess(removed?.days, STILL_RUNNING);
  return runs ? 'needs_monitoring' : 'ready_to_archive';
}

/** Does it depend on the history of the code whether it can go? */
export function isOutOfCode({ archived, settled, references, dependents }: Evidence): boolean {
  return !archived && settled !== undefined && references?.length === 0 && dependents.length === 0;
}

function isTemporary({ purpose }: Evidence, settings: Pick<Settings, 'lifecycle'>): boolean {
  return lifetimeOf(purpose, settings) !== undefined;
}

function isAskedFor({ references = [], evaluations }: Evidence): boolean {
  return references.length > 0 || isEvaluated(evaluations);
}

/** That no server was asked does not mean that nobody asked: SDKs ask nobody. */
function isEvaluated(evaluations: Evaluations | undefined): boolean {
  return evaluations !== undefined && evaluations.count > 0;
}

/** What is not known is not old. */
function isAtLeast(days: Days | undefined, limit: number | undefined): boolean {
  return days !== undefined && limit !== undefined && days.count >= limit;
}

/** What is not known is not young either, nor is what is at least so many days old. */
function isLess(days: Days | undefined, limit: number): boolean {
  return days !== undefined && days.atLeast === undefined && days.count < limit;
}
