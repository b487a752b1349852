import type { Json, JsonObject } from '../../model/json.js';
import { isObject } from '../../syntax/render.js';
import { Problem } from '../problem.js';
import { readable } from '../writing/reason.js';
import type { Kill } from './kill.js';

/** What replicas tell each other of a kill. */
export type KillMessage =
  /** A flag is killed. */
  | { readonly killed: Kill }
  /** The repository says so itself by now, from the commit `sent` on. */
  | { readonly lifted: Kill }
  /** Somebody wants to take it back: whoever has put it on the branch says so, and whoever has not waits with that. */
  | { readonly undoing: Kill }
  /** It was taken back before it came into the repository. */
  | { readonly undone: Kill };

/** milliseconds since a kill within which replicas are told of it, and clocks may differ by */
export const FRESH = 300_000;

/** The longest that a kill may last, in milliseconds. */
export const LONGEST_KILL = 30 * 86_400_000;

/**
 * Reads a message whose signature is right. A kill is told at once and once: an older message is one that somebody
 * has kept, and sends again.
 *
 * @param now milliseconds since 1970
 * @throws Problem for one that no replica of ours sends
 */
export function readKillMessage(text: string, now: number): KillMessage {
  const message = parse(text);
  if (!isObject(message) || Object.keys(message).length !== 1) throw unfit('must say one thing');
  const { killed, lifted, undoing, undone } = message;
  const kill = killIn(killed ?? lifted ?? undoing ?? undone);
  const isOfNow = kill.at - now <= FRESH && (killed === undefined || now - kill.at <= FRESH);
  if (!isOfNow) throw unfit('is not of now: are the clocks of the replicas right?');
  if (lifted !== undefined) return { lifted: { ...kill, ...sentIn(lifted) } };
  if (undoing !== undefined) return { undoing: kill };
  return undone === undefined ? { killed: kill } : { undone: kill };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw unfit('is not JSON');
  }
}

function killIn(value: Json | undefined): Kill {
  const { flag, environment, reason, author, at, expires } = objectOf(value);
  const { name, email } = objectOf(author);
  const isTimed = isTime(at) && isTime(expires) && expires - at <= LONGEST_KILL;
  if (!isTimed || !isText(flag) || !isText(environment) || !isText(name) || !isText(email)) throw unfit('is no kill');
  return { flag, environment, reason: readable(reason), author: { name, email }, at, expires };
}

/** A commit, as far as one is named. */
function sentIn(lifted: Json): Pick<Kill, 'sent'> {
  const { sent } = objectOf(lifted);
  return isText(sent) && /^[0-9a-f]{40,64}$/.test(sent) ? { sent } : {};
}

function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {};
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length <= 500;
}

function isTime(value: Json | undefined): value is number {
  return Number.isSafeInteger(value);
}

function unfit(message: string): Problem {
  return new Problem('invalid_request', `the message ${message}`);
}
