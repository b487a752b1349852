import type { Json, JsonObject } from '../model/json.js';

/** What a reference within a schema leads to: a JSON pointer in a URI fragment (RFC 6901). `undefined`: elsewhere. */
export function findPointer(root: Json, reference: string): Json | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let at: Json | undefined = root;
  for (const token of reference.slice(2).split('/')) {
    const name = decode(token);
    if (name === undefined || typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as JsonObject)[name];
  }
  return at;
}

function decode(token: string): string | undefined {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}

/** A named type that is nothing but another, or is made of it without an object or a list around it. */
export type Link = readonly [from: string, to: string];

/** The names that would come back to themselves: TypeScript refuses such types. */
export function circular(links: readonly Link[]): ReadonlySet<string> {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of links) next.set(from, (next.get(from) ?? new Set()).add(to));
  return new Set([...next.keys()].filter((name) => reach(name, next).has(name)));
}

function reach(start: string, next: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const to of next.get(name) ?? []) {
      if (!reached.has(to)) waiting.push(to);
      reached.add(to);
    }
  }
  return reached;
}
