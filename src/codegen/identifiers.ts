/** Words that cannot name a constant of a module, or that the generated file has another use for. */
const TAKEN: ReadonlySet<string> = new Set(
  [
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends',
    'false finally for function if implements import in instanceof interface let new null package private protected',
    'public return static super switch this throw true try typeof undefined var void while with yield',
    'exports require module',
    'booleanFlag stringFlag numberFlag jsonFlag',
    'booleanFlagWithoutDefault stringFlagWithoutDefault numberFlagWithoutDefault jsonFlagWithoutDefault',
  ].flatMap((line) => line.split(' ')),
);

const SEPARATOR_WORDS: Readonly<Record<string, string>> = { '.': '_dot_', '-': '_dash_', _: '_underscore_' };

/** Keys that would all have got the same name. */
export interface Clash {
  readonly identifier: string;
  readonly keys: readonly string[];
}

export interface Naming {
  /** Key to identifier; no two are the same. */
  readonly identifiers: ReadonlyMap<string, string>;
  readonly clashes: readonly Clash[];
}

/**
 * A name in code for each key: `checkout.one-page` is `checkoutOnePage`. Where several keys would share a name, each
 * has its separators spelled out (`a_dash_b`, `a_dot_b`) and none keeps the short name: when flags come, or flags go, a
 * name may vanish, but it never passes to another flag, with which code would go on compiling.
 *
 * @param keys valid flag keys, each once
 */
export function identifiersOf(keys: readonly string[]): Naming {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const short = camelCase(key);
    groups.set(short, [...(groups.get(short) ?? []), key]);
  }
  const clashes = [...groups].filter(([, group]) => group.length > 1);
  const clashing = new Set(clashes.flatMap(([, group]) => group));
  return {
    identifiers: new Map(keys.map((key) => [key, usable(clashing.has(key) ? spelled(key) : camelCase(key))])),
    clashes: clashes.map(([identifier, group]) => ({ identifier, keys: group })),
  };
}

/** The name of the type that belongs to a constant; types and constants do not get in each other's way. */
export function typeNameOf(identifier: string): string {
  return `${identifier.charAt(0).toUpperCase()}${identifier.slice(1)}Value`;
}

function camelCase(key: string): string {
  const [first = '', ...rest] = key.split(/[._-]+/).filter((word) => word !== '');
  const words = rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return first.charAt(0).toLowerCase() + first.slice(1) + words.join('');
}

/** Another key, another text: letters and digits stay, and what stands between them can be read back. */
function spelled(key: string): string {
  const words = key.replace(/[._-]/g, (separator) => SEPARATOR_WORDS[separator] ?? separator);
  return words === key ? `${key}_` : words;
}

function usable(name: string): string {
  if (/^\d/.test(name)) return `_${name}`;
  return TAKEN.has(name) ? `${name}_` : name;
}
