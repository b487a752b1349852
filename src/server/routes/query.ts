import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';

/** Parameters of a URL, each at most once unless it may be repeated. */
export interface Query {
  one(name: string): string | undefined;
  all(name: string): readonly string[];
}

/** @throws Problem for a parameter that the route does not know, or one that is given twice */
export function queryOf(request: FastifyRequest, known: readonly string[], repeatable: readonly string[] = []): Query {
  const given = Object.entries(request.query as Readonly<Record<string, string | readonly string[]>>);
  for (const [name, value] of given) {
    if (!known.includes(name) && !repeatable.includes(name)) {
      throw wrong(name, `unknown; there are ${[...known, ...repeatable].join(', ') || 'none'}`);
    }
    if (typeof value !== 'string' && !repeatable.includes(name)) throw wrong(name, 'given more than once');
  }
  const values = new Map(given.map(([name, value]) => [name, typeof value === 'string' ? [value] : value]));
  return { one: (name) => values.get(name)?.[0], all: (name) => values.get(name) ?? [] };
}

export function wrong(name: string, message: string): Problem {
  return new Problem('invalid_request', `the parameter \`${name}\`: ${message}`, {
    errors: [{ pointer: `/${name}`, message }],
  });
}

/** @throws Problem when it is none of them */
export function choiceOf<T extends string>(query: Query, name: string, choices: readonly T[]): T | undefined {
  const given = query.one(name);
  if (given === undefined) return undefined;
  const found = choices.find((choice) => choice === given);
  if (found === undefined) throw wrong(name, `one of ${choices.join(', ')}`);
  return found;
}

const LIMIT = { usual: 50, most: 500 };

export function limitOf(query: Query): number {
  const given = query.one('limit');
  if (given === undefined) return LIMIT.usual;
  const limit = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > LIMIT.most) throw wrong('limit', `a whole number from 1 to ${LIMIT.most}`);
  return limit;
}

/** A cursor is opaque to clients: it names where a page ended, so that what is added or removed moves no page. */
export function encodeCursor(place: readonly string[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @param parts how many texts the cursor holds. @throws Problem when it is no cursor of ours */
export function cursorOf(query: Query, parts: number): readonly string[] | undefined {
  const given = query.one('cursor');
  if (given === undefined) return undefined;
  const place = parse(Buffer.from(given, 'base64url').toString('utf8'));
  if (Array.isArray(place) && place.length === parts && place.every((part) => typeof part === 'string')) return place;
  throw wrong('cursor', 'not one that this server gave');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One page of a list that is sorted by key, and the cursor of the next. */
export function pageOf<T extends { readonly key: string }>(items: readonly T[], query: Query) {
  const limit = limitOf(query);
  const [last] = cursorOf(query, 1) ?? [];
  const left = last === undefined ? items : items.filter(({ key }) => key > last);
  const page = left.slice(0, limit);
  const end = page.at(-1);
  return { page, next: left.length > limit && end !== undefined ? { next_cursor: encodeCursor([end.key]) } : {} };
}
