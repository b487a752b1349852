import { child } from '../../diagnostics/pointer.js';
import type { Json, JsonObject } from '../../model/json.js';
import { checkSchema } from '../../schema/check-schema.js';
import { FORBIDDEN_KEYS } from '../../syntax/data.js';
import { isList, isObject } from '../../syntax/render.js';
import { Problem } from '../problem.js';
import { type Mistake, refuse } from './mistakes.js';
import type { Noun } from './noun.js';

/** @throws Problem when the body is no object, or holds what no file may hold */
export function objectIn(body: Json, at: string): JsonObject {
  if (!isObject(body)) refuse([{ pointer: at, message: 'must be an object' }]);
  refuseUnwritable(body, at);
  return body as JsonObject;
}

/** @throws Problem for names that JavaScript gives a meaning of its own, and for text that is no Unicode */
export function refuseUnwritable(body: Json, at: string): void {
  const mistakes = [...unwritableIn(body, at)];
  if (mistakes.length > 0) refuse(mistakes);
}

/** Half of a pair of code units, without the other: no file can hold it. */
const HALF = /\p{Cs}/u;

function* unwritableIn(value: Json, at: string): Iterable<Mistake> {
  if (typeof value === 'string' && HALF.test(value)) yield { pointer: at, message: 'is not Unicode text' };
  if (isList(value)) for (const [index, item] of value.entries()) yield* unwritableIn(item, child(at, index));
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) yield { pointer: child(at, key), message: 'such a name is not allowed' };
    else yield* unwritableIn(item, child(at, key));
  }
}

/**
 * Does the document have the shape of its kind?
 * @param pointerOf where in the request something of the document stands
 * @throws Problem with all that is wrong
 */
export function refuseMisshapen(noun: Noun, document: JsonObject, pointerOf: (pointer: string) => string): void {
  const findings = checkSchema(noun, { path: '', text: JSON.stringify(document) }, document);
  if (findings.length === 0) return;
  refuse(
    findings.map(({ code, pointer, message, help }) => ({
      pointer: pointerOf(pointer),
      message: message.replace(/^the file /, `the ${noun} `),
      code,
      ...(help !== undefined && { help }),
    })),
  );
}

const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;

/** @throws Problem for a name that no file can have everywhere */
export function refuseReserved(key: string, at: string): void {
  if (!RESERVED.test(key)) return;
  refuse([{ pointer: child(at, 'key'), message: `\`${key}\` is a name that Windows keeps for itself` }]);
}

/**
 * What makes an object this one and no other; that it is missing is for the schema to say.
 * @param before as far as it could be read
 * @throws Problem
 */
export function refuseOther(
  before: JsonObject,
  after: JsonObject,
  noun: Noun,
  pointerOf: (pointer: string) => string,
): void {
  for (const field of noun === 'flag' ? ['key', 'type'] : ['key']) {
    if (after[field] === before[field] || [after[field], before[field]].includes(undefined)) continue;
    const message = `\`${field}\` cannot change: it is \`${before[field]}\``;
    throw new Problem('immutable', message, { errors: [{ pointer: pointerOf(`/${field}`), message }] });
  }
}
