import type { Mention } from './references.js';

/** Names that a file takes from a module, with the keys of the flags that they stand for. */
export interface AccessorImport {
  /** As it is written: `./flags.js`. */
  readonly module: string;
  /** What a flag is called in this file: `theme`, or `flags.theme`. */
  readonly names: ReadonlyMap<string, string>;
}

/** `import { a, b as c } from './x.js'`, `import * as x from './x.js'`, and the same with `export`. */
const IMPORT =
  /\b(?:import|export)\s+(?:type\s+)?(?:\*\s*as\s+([\w$]+)|\{([^{}]*)\})\s*from\s*(?:'(\.[^'\n]*)'|"(\.[^"\n]*)")/g;

const NAMED = /^\s*(?:type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/;

/**
 * What a text imports, by a relative path, that may be accessors of flags. Whether the module is a generated one is for
 * the caller to find out.
 *
 * @param identifiers generated name to key
 */
export function accessorImports(text: string, identifiers: ReadonlyMap<string, string>): AccessorImport[] {
  return [...text.matchAll(IMPORT)].flatMap(([, space, list = '', single, double]) => {
    const names = space === undefined ? namedIn(list, identifiers) : spacedIn(space, identifiers);
    return names.size === 0 ? [] : [{ module: single ?? double ?? '', names }];
  });
}

function namedIn(list: string, identifiers: ReadonlyMap<string, string>): Map<string, string> {
  const names = new Map<string, string>();
  for (const part of list.split(',')) {
    const [, name = '', local = name] = NAMED.exec(part) ?? [];
    const key = identifiers.get(name);
    if (key !== undefined) names.set(local, key);
  }
  return names;
}

function spacedIn(space: string, identifiers: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...identifiers].map(([name, key]) => [`${space}.${name}`, key]));
}

const NAME = /(?<![\w$.])[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)?/g;

/** Where a text speaks of flags by names that it has imported. */
export function* accessorMentions(text: string, names: ReadonlyMap<string, string>): Generator<Mention> {
  for (const { 0: name, index } of text.matchAll(NAME)) {
    const key = names.get(name) ?? names.get(name.slice(0, endOfFirst(name)));
    if (key !== undefined) yield { key, offset: index, asked: false };
  }
}

function endOfFirst(name: string): number {
  const dot = name.indexOf('.');
  return dot === -1 ? name.length : dot;
}
