import { Document, Scalar } from 'yaml';
import type { Json, JsonObject } from '../model/json.js';

/** Up to this many characters a small collection stands on one line. */
const FLOW_WIDTH = 90;

/** Line ends and what cannot be seen are written as escapes, in which YAML and JSON agree. */
const NEEDS_ESCAPES = /[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/u;

type Quotes = Scalar.Type | undefined;

/** A scalar in the quotes that it needs, or else in those given. Never spans lines. */
export function renderScalar(value: Json, quotes?: Quotes): string {
  if (typeof value === 'string' && NEEDS_ESCAPES.test(value)) return JSON.stringify(value);
  const scalar = new Scalar(value);
  if (quotes !== undefined && typeof value === 'string') scalar.type = quotes;
  const list = new Document([scalar], { version: '1.2', schema: 'core' });
  Object.assign(list.contents as object, { flow: true });
  const text = list.toString({ lineWidth: 0, flowCollectionPadding: false, singleQuote: true });
  return text.trim().slice(1, -1);
}

/** Anything on one line: `{ on: 25 }`, `[DE, FR]`. */
export function renderFlow(value: Json): string {
  if (isList(value)) return `[${value.map(renderFlow).join(', ')}]`;
  if (!isObject(value)) return renderScalar(value);
  const entries = Object.entries(value).map(([key, entry]) => `${renderScalar(key)}: ${renderFlow(entry)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** What follows a key's colon: ` value`, or lines below it, indented by two more than `column`. */
export function renderValue(value: Json, column: number): string {
  if (isShort(value)) return ` ${renderFlow(value)}`;
  const indent = `\n${' '.repeat(column + 2)}`;
  return indent + (isList(value) ? renderItems(value, column + 2) : renderEntries(value as JsonObject, column + 2));
}

/** What follows the dash of an item whose dash stands in `column`. */
export function renderItem(value: Json, column: number): string {
  if (isShort(value)) return ` ${renderFlow(value)}`;
  return ` ${isList(value) ? renderItems(value, column + 2) : renderEntries(value as JsonObject, column + 2)}`;
}

/** A whole file. */
export function renderFile(data: JsonObject): string {
  return `${renderEntries(data, 0)}\n`;
}

function renderEntries(value: JsonObject, column: number): string {
  const entries = Object.entries(value).map(([key, entry]) => `${renderScalar(key)}:${renderValue(entry, column)}`);
  return entries.join(`\n${' '.repeat(column)}`);
}

function renderItems(items: readonly Json[], column: number): string {
  return items.map((item) => `-${renderItem(item, column)}`).join(`\n${' '.repeat(column)}`);
}

/** Does it read well on one line? Lists of objects do not. */
function isShort(value: Json): boolean {
  return isPlain(value) || (isObject(value) && Object.values(value).every(isPlainOrMap) && fits(value));
}

function isPlainOrMap(value: Json): boolean {
  return isPlain(value) || (isObject(value) && Object.values(value).every(isPlain));
}

function isPlain(value: Json): boolean {
  if (isList(value)) return value.every(isScalar) && fits(value);
  return isScalar(value) || (isObject(value) && Object.keys(value).length === 0);
}

function fits(value: Json): boolean {
  return renderFlow(value).length <= FLOW_WIDTH;
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
