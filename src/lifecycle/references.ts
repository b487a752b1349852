import { aliasOf } from './names.js';

/** What to look for in code. */
export interface Wanted {
  readonly keys: ReadonlySet<string>;
  /** Names that stand for keys: aliases. One may stand for several. */
  readonly names: Names;
  /** Those with dots or dashes, which are no identifiers: `one-click.checkout`. */
  readonly spelled: Names;
}

export type Names = ReadonlyMap<string, readonly string[]>;

/** A mention of a key in a text. */
export interface Mention {
  readonly key: string;
  /** UTF-16 units from the start */
  readonly offset: number;
  /** It is asked for as a flag by a call that is known, so it ought to be one. */
  readonly asked: boolean;
}

const KEY = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}';

/** A key between quotes of one kind, be they escaped alike: `"{\"flag\": \"one-click\"}"`. */
const QUOTED = new RegExp(`(["'\`])(${KEY})(\\\\{0,7})\\1`, 'g');

const NOBODY: readonly string[] = [];

/** What may be a name with dots and dashes, where it stands without quotes. */
const SPELLED = /[\w$](?:[\w$-]|\.(?=[\w$]))*/g;

const IDENTIFIER = /[A-Za-z_$][\w$]*/g;

/**
 * Just before a key: a call of an OpenFeature client in one of its languages
 * (`getBooleanValue(`, `get_string_details(`, `BooleanValue(ctx, `) or of our own (`withFlag(`, `booleanDetails(`).
 */
const ASKING =
  /(?:\b(?:get_?)?(?:boolean|string|number|object|integer|int|double|float|json)_?(?:value|details)(?:_?async)?|\bwithFlag)(?:<[^()]{0,80}>)?\(\s*(?:\w{1,40},\s*)?$/i;

/** How far back a call may begin. */
const REACH = 200;

/** @param aliases templates, see `aliasOf` */
export function wantedOf(keys: Iterable<string>, aliases: readonly string[]): Wanted {
  const all = new Set(keys);
  return { keys: all, ...sorted(namesOf(all, aliases)) };
}

/** The same, with more names. */
export function withNames(
  { keys, names, spelled }: Wanted,
  more: Iterable<readonly [string, readonly string[]]>,
): Wanted {
  const all = new Map([...names, ...spelled]);
  for (const [name, others] of more) all.set(name, [...new Set([...(all.get(name) ?? NOBODY), ...others])]);
  return { keys, ...sorted(all) };
}

function sorted(all: Names): Pick<Wanted, 'names' | 'spelled'> {
  const isSpelled = ([name]: readonly [string, unknown]) => !/^[A-Za-z_$][\w$]*$/.test(name);
  return {
    names: new Map([...all].filter((entry) => !isSpelled(entry))),
    spelled: new Map([...all].filter(isSpelled)),
  };
}

/** What keys are called by some templates. */
export function namesOf(keys: Iterable<string>, templates: readonly string[]): Names {
  const names = new Map<string, string[]>();
  for (const key of keys) {
    for (const name of new Set(templates.map((template) => aliasOf(template, key)))) {
      names.set(name, [...(names.get(name) ?? []), key]);
    }
  }
  return names;
}

/** Every mention of a wanted key, and of any other that is asked for as a flag. Time linear in the text. */
export function* mentionsIn(text: string, { keys, names, spelled }: Wanted): Generator<Mention> {
  for (const match of text.matchAll(QUOTED)) {
    const [, , key = '', slashes = ''] = match;
    if (!text.endsWith(slashes, match.index)) continue;
    const asked = isAsked(text, match.index);
    const offset = match.index + 1;
    if (asked || keys.has(key)) yield { key, offset, asked };
    else for (const one of names.get(key) ?? spelled.get(key) ?? NOBODY) yield { key: one, offset, asked };
  }
  if (names.size > 0) yield* named(text, IDENTIFIER, names);
  if (spelled.size > 0) yield* named(text, SPELLED, spelled);
}

function* named(text: string, pattern: RegExp, names: Names): Generator<Mention> {
  for (const { 0: name, index } of text.matchAll(pattern)) {
    for (const key of names.get(name) ?? NOBODY) yield { key, offset: index, asked: false };
  }
}

const MEMBER = /\.([A-Za-z_]\w*)/g;

/** Where a text takes a part of something that has a wanted name: `flags.one_click`. */
export function* memberMentions(text: string, names: Names): Generator<Mention> {
  for (const { 1: name = '', index } of text.matchAll(MEMBER)) {
    for (const key of names.get(name) ?? NOBODY) yield { key, offset: index + 1, asked: false };
  }
}

function isAsked(text: string, quote: number): boolean {
  const before = text.charCodeAt(quote - 1);
  if (before !== 0x28 && before !== 0x20 && before !== 0x0a && before !== 0x09) return false;
  return ASKING.test(text.slice(Math.max(0, quote - REACH), quote));
}

/** The 1-based lines of ascending offsets. */
export function linesOf(text: string, offsets: readonly number[]): number[] {
  let line = 1;
  let position = text.indexOf('\n');
  return offsets.map((offset) => {
    while (position !== -1 && position < offset) {
      line += 1;
      position = text.indexOf('\n', position + 1);
    }
    return line;
  });
}
