import { createHash } from 'node:crypto';
import type { Definitions } from '../../model/definitions.js';
import type { Flag } from '../../model/flag.js';
import { findKeyed } from '../../model/keyed.js';
import type { Author } from '../../write/writer.js';
import type { Served } from '../served.js';

/** A flag that is off in an environment, whatever the repository says, until that says so too. */
export interface Kill {
  readonly flag: string;
  readonly environment: string;
  readonly reason: string;
  readonly author: Author;
  /** milliseconds since 1970 */
  readonly at: number;
  /** When it ends if it never came into the repository; milliseconds since 1970. */
  readonly expires: number;
  /**
   * The commit at which the flag is off on the branch, by this kill or without it; `unknown` from when such a commit is
   * sent there until it is known what came of that.
   */
  readonly sent?: string;
}

/** What is on the branch, or may be, does not end by its time. */
export function isPast({ expires, sent }: Kill, now: number): boolean {
  return expires <= now && sent === undefined;
}

/** What tells kills apart: there is one of a flag in an environment. */
export function nameOf({ environment, flag }: Pick<Kill, 'environment' | 'flag'>): string {
  return `${environment}/${flag}`;
}

/** The flag there, by the repository. */
export function flagIn(
  { snapshot }: Pick<Served, 'snapshot'>,
  { environment, flag }: Pick<Kill, 'environment' | 'flag'>,
): Flag | undefined {
  return findKeyed(snapshot.definitions.get(environment)?.flags ?? [], flag);
}

/** Is the flag on, by the repository? */
export function isOn(served: Pick<Served, 'snapshot'>, which: Pick<Kill, 'environment' | 'flag'>): boolean {
  return flagIn(served, which)?.enabled === true;
}

/**
 * What is served with these flags off. It has an id of its own: no other state of the same commit may pass for it, so
 * whoever resumes from it elsewhere, or later, gets everything anew.
 */
export function overlaid(served: Served, kills: readonly Kill[]): Served {
  const effective = kills.filter((kill) => isOn(served, kill));
  if (effective.length === 0) return served;
  const { snapshot, position, revision } = served;
  const definitions = [...snapshot.definitions].map(([name, one]) => [name, without(one, effective)] as const);
  const marks = effective.map((kill) => [nameOf(kill), kill.at]);
  const history = createHash('sha256')
    .update(JSON.stringify([revision.version, marks]))
    .digest('hex')
    .slice(0, 12);
  return {
    ...served,
    snapshot: { ...snapshot, definitions: new Map(definitions) },
    position: { ...position, history },
  };
}

function without(definitions: Definitions, kills: readonly Kill[]): Definitions {
  const own = new Set(
    kills.filter(({ environment }) => environment === definitions.environment).map(({ flag }) => flag),
  );
  if (own.size === 0) return definitions;
  return { ...definitions, flags: definitions.flags.map((flag) => (own.has(flag.key) ? off(flag) : flag)) };
}

const known = new WeakMap<Flag, Flag>();

/** The same object for the same flag, so that it counts as unchanged. */
function off(flag: Flag): Flag {
  const killed = known.get(flag) ?? { ...flag, enabled: false };
  known.set(flag, killed);
  return killed;
}
