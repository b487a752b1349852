import type { Json } from '../model/json.js';

/** What still stands on one line. */
const WIDTH = 80;

/** A JSON value as TypeScript: on one line where it is short, else an entry a line. Reads back as the same value. */
export function literal(value: Json, indent = ''): string {
  const flat = onOneLine(value);
  if (flat.length + indent.length <= WIDTH || typeof value !== 'object' || value === null) return flat;
  const deeper = `${indent}  `;
  if (Array.isArray(value))
    return block(
      '[',
      value.map((item) => literal(item, deeper)),
      ']',
      indent,
    );
  const entries = Object.entries(value).map(([name, item]) => `${propertyName(name)}: ${literal(item, deeper)}`);
  return block('{', entries, '}', indent);
}

function onOneLine(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const entries = Object.entries(value).map(([name, item]) => `${propertyName(name)}: ${onOneLine(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function block(open: string, lines: readonly string[], close: string, indent: string): string {
  return [open, ...lines.map((line) => `${indent}  ${line},`), `${indent}${close}`].join('\n');
}

/** A string in single quotes. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replace(/[\u2028\u2029]/g, (separator) => `\\u${separator.charCodeAt(0).toString(16)}`)}'`;
}

/** `__proto__: x` would set the prototype; in brackets it is a property like any other. */
export function propertyName(name: string): string {
  if (name === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}
