import { aliasOf } from './names.js';

/** What to look for in code. */
export interface Wanted {
  readonly keys: ReadonlySet<string>;
  /** Names that stand for keys: aliases. */
  readonly names: ReadonlyMap<string, string>;
}

/** A mention of a key in a text. */
export interface Mention {
  readonly key: string;
  /** UTF-16 units from the start */
  readonly offset: number;
  /** It is asked for as a flag by a call that is known, so it ought to be one. */
  readonly asked: boolean;
}

const KEY = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}';

/** A key between quotes of one kind. */
const QUOTED = new RegExp(`(["'\`])(${KEY})\\1`, 'g');

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
  const names = [...all].flatMap((key) => aliases.map((template) => [aliasOf(template, key), key] as const));
  return { keys: all, names: new Map(names) };
}

/** Every mention of a wanted key, and of any other that is asked for as a flag. Time linear in the text. */
export function* mentionsIn(text: string, { keys, names }: Wanted): Generator<Mention> {
  for (const match of text.matchAll(QUOTED)) {
    const key = match[2] ?? '';
    const asked = isAsked(text, match.index);
    if (asked || keys.has(key)) yield { key, offset: match.index + 1, asked };
    else if (names.has(key)) yield { key: names.get(key) ?? key, offset: match.index + 1, asked };
  }
  if (names.size === 0) return;
  for (const match of text.matchAll(IDENTIFIER)) {
    const key = names.get(match[0]);
    if (key !== undefined) yield { key, offset: match.index, asked: false };
  }
}

function isAsked(text: string, quote: number): boolean {
  const before = text.charCodeAt(quote - 1);
  if (before !== 0x28 && before !== 0x20 && before !== 0x0a) return false;
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
