import type { Json, JsonObject } from '../../model/json.js';
import { isObject } from '../../syntax/render.js';
import { withoutField } from '../../write/fields.js';
import { Problem } from '../problem.js';
import type { Query } from '../routes/query.js';

/** Characters, as people count them. */
const LONGEST = 500;

/** What would end a line, or turn the direction of the text around it. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_C}]/u;

export interface Reasoned {
  /** The body without its reason. */
  readonly body: Json;
  readonly reason?: string;
}

/** Why, out of the body. */
export function reasonInBody(body: Json, query: Query): Reasoned {
  const inQuery = query.one('reason');
  if (!isObject(body) || !Object.hasOwn(body, 'reason')) {
    return { body, ...(inQuery !== undefined && { reason: readable(inQuery) }) };
  }
  const { reason } = body as JsonObject;
  if (inQuery !== undefined) throw unfit('given twice: in the body and in the URL');
  return { body: withoutField(body, 'reason'), reason: readable(reason) };
}

/** Why, where only the URL can say so. */
export function reasonInQuery(query: Query): { readonly reason?: string } {
  const reason = query.one('reason');
  return reason === undefined ? {} : { reason: readable(reason) };
}

/** @throws Problem when it is not one line of readable text */
export function readable(reason: unknown): string {
  if (reason === undefined) throw unfit('is missing: say why');
  if (typeof reason !== 'string') throw unfit('must be text');
  if (reason.trim() === '') throw unfit('is empty: say why, or leave it out');
  if ([...reason].length > LONGEST) throw unfit(`is longer than ${LONGEST} characters`);
  if (UNFIT.test(reason)) throw unfit('must be one line, without control characters');
  return reason.trim();
}

function unfit(message: string): Problem {
  return new Problem('invalid_request', `the reason ${message}`, { errors: [{ pointer: '/reason', message }] });
}
