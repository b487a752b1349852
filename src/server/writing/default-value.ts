import { isDeepStrictEqual } from 'node:util';
import { child } from '../../diagnostics/pointer.js';
import type { Json, JsonObject } from '../../model/json.js';
import { isObject } from '../../syntax/render.js';
import { withoutField } from '../../write/fields.js';
import { refuse } from './mistakes.js';

/** The fields of an answer that no file holds. */
const READ_ONLY = ['file', 'version'];

/** The value that a flag serves by default; `undefined` where the code's own default counts, or nobody knows. */
export function defaultValueOf({ type, default: name, variants }: JsonObject): Json | undefined {
  if (type === 'boolean') return typeof name === 'boolean' ? name : { on: true, off: false }[String(name)];
  const values = variants !== undefined && isObject(variants) ? variants : {};
  return typeof name === 'string' && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** A new flag may say its default value in place of variants and a default. @throws Problem when it says both */
export function withDefaultValue(body: JsonObject, at: string): JsonObject {
  if (!Object.hasOwn(body, 'default_value')) return body;
  const { default_value: value = null, ...flag } = body;
  const other = ['variants', 'default'].find((field) => Object.hasOwn(body, field));
  if (other !== undefined)
    refuse([{ pointer: child(at, 'default_value'), message: `cannot stand beside \`${other}\`` }]);
  if (flag.type !== 'boolean') return { ...flag, variants: { default: value }, default: 'default' };
  if (typeof value !== 'boolean') refuse([{ pointer: child(at, 'default_value'), message: 'must be true or false' }]);
  return { ...flag, default: value ? 'on' : 'off' };
}

/** A body without what an answer adds to the file, so that an answer can be changed and sent back. */
export function withoutReadOnly(body: JsonObject): JsonObject {
  return ['default_value', ...READ_ONLY].reduce(withoutField, body);
}

/** @throws Problem when the body speaks of another default value than the flag then has */
export function refuseOtherDefault(body: JsonObject, document: JsonObject, at: string): void {
  if (!Object.hasOwn(body, 'default_value')) return;
  const actual = defaultValueOf(document);
  if (isDeepStrictEqual(body.default_value, actual)) return;
  const message = `follows from \`default\` and \`variants\`: it would be \`${JSON.stringify(actual ?? null)}\``;
  refuse([{ pointer: child(at, 'default_value'), message }]);
}
