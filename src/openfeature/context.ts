import type { Context } from '../model/context.js';

/**
 * OpenFeature knows dates as objects, flags know them as RFC 3339 text: a date becomes what it is in JSON, which is
 * also what a server is sent. A context without one is given back as it is.
 */
export function withDatesAsText(context: Context): Context {
  for (const name in context) if (holdsDate(context[name])) return converted(context);
  return context;
}

/** How deep dates are looked for; a context that goes on for longer is left alone from there. */
const DEPTH = 8;

function holdsDate(value: unknown, depth = DEPTH): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  return value instanceof Date || Object.values(value).some((item) => holdsDate(item, depth - 1));
}

function converted(context: Context): Context {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name, asJson(value, DEPTH)]));
}

function asJson(value: unknown, depth: number): unknown {
  if (value instanceof Date) return value.toJSON();
  if (!holdsDate(value, depth)) return value;
  if (Array.isArray(value)) return value.map((item) => asJson(item, depth - 1));
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, asJson(item, depth - 1)]));
}
