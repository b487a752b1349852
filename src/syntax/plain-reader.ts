import type { Json } from '../model/json.js';
import { FORBIDDEN_KEYS } from './data.js';
import { resolvePlain } from './plain-scalar.js';
import { MAX_DEPTH } from './tokens.js';

/**
 * Reads the plain part of YAML that almost every file of a flag repository is written in: block mappings
 * and lists, flow collections and quoted text on one line, comments. What it reads, it reads exactly as
 * the `yaml` library does, some fifty times as fast; a property test holds the two together.
 *
 * @returns `undefined` as soon as there is anything else, whether wrong or only unusual
 */
export function readPlain(text: string): Json | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    return new PlainReader(text).read();
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

/** Tabs, carriage returns, other control characters, byte order marks. */
const UNUSUAL = /[^\P{Cc}\n]|\ufeff/u;

/** One for all: it carries no news but that the library has to look. */
const NOT_PLAIN = new Error('not plain');

function notPlain(): never {
  throw NOT_PLAIN;
}

const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
const COMMA = 44;
const DASH = 45;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const LIST_START = 91;
const LIST_END = 93;
const MAP_START = 123;
const MAP_END = 125;

const KEY = /[A-Za-z0-9_][A-Za-z0-9_./-]*:(?=[ \n]|$)/y;
/** Text that begins like nothing else, up to what may end it. */
const BLOCK_TEXT = /(?:[A-Za-z0-9_/.()+$^<=;\\~\u0080-\uffff]|-(?=[A-Za-z0-9.]))[^\n]*/y;
const FLOW_TEXT =
  /(?:[A-Za-z0-9_/.()+$^<=;\\~\u0080-\uffff]|-(?=[A-Za-z0-9.]))(?:[^\n,[\]{}:# ]|:(?=[A-Za-z0-9])|(?<! )#| (?!#))*/y;
const SINGLE_QUOTED = /'((?:[^'\n]|'')*)'/y;
const DOUBLE_QUOTED = /"([^"\\\n]*)"/y;
const MAX_KEY_LENGTH = 1000;

/** Stands at the content of a line; `indent` is that line's, -1 at the end of the text. */
class PlainReader {
  private at = 0;
  private lineStart = 0;
  private indent = 0;

  constructor(private readonly text: string) {}

  read(): Json {
    this.toContent();
    const { indent } = this;
    const data = indent === 0 ? this.mapping(1) : notPlain();
    return this.indent === -1 ? data : notPlain();
  }

  private mapping(depth: number): Json {
    const { indent } = this;
    const data: Record<string, Json> = {};
    if (depth > MAX_DEPTH) notPlain();
    while (this.indent === indent) {
      const key = this.key(data);
      data[key] = this.isAtLineEnd() ? this.below(indent, depth) : this.inline(depth);
    }
    return this.indent > indent ? notPlain() : data;
  }

  private sequence(depth: number): Json {
    const { indent } = this;
    const items: Json[] = [];
    if (depth > MAX_DEPTH) notPlain();
    while (this.indent === indent && this.isAtItem()) {
      this.at += 1;
      items.push(this.isAtLineEnd() ? this.block(indent, depth) : this.item(depth));
    }
    return this.indent > indent ? notPlain() : items;
  }

  /** A mapping that begins on the line of its dash stands in the column of its first key. */
  private item(depth: number): Json {
    KEY.lastIndex = this.at;
    if (!KEY.test(this.text)) return this.inline(depth);
    this.indent = this.at - this.lineStart;
    return this.mapping(depth + 1);
  }

  /** The value of a key that stands on the lines below; a list may begin in the column of the key. */
  private below(indent: number, depth: number): Json {
    this.endLine();
    if (this.indent === indent && this.isAtItem()) return this.sequence(depth + 1);
    return this.indented(indent, depth);
  }

  private block(indent: number, depth: number): Json {
    this.endLine();
    return this.indented(indent, depth);
  }

  private indented(indent: number, depth: number): Json {
    if (this.indent <= indent) notPlain();
    return this.isAtItem() ? this.sequence(depth + 1) : this.mapping(depth + 1);
  }

  /** A value that ends with its line. */
  private inline(depth: number): Json {
    const value = this.value(depth, BLOCK_TEXT);
    this.endLine();
    return value;
  }

  private value(depth: number, plainText: RegExp): Json {
    switch (this.text.charCodeAt(this.at)) {
      case LIST_START:
        return this.flowSequence(depth + 1);
      case MAP_START:
        return this.flowMapping(depth + 1);
      case SINGLE_QUOTE:
        return this.match(SINGLE_QUOTED).slice(1, -1).replaceAll("''", "'");
      case DOUBLE_QUOTE:
        return this.match(DOUBLE_QUOTED).slice(1, -1);
      default:
        return this.plain(plainText);
    }
  }

  private plain(pattern: RegExp): Json {
    const value = resolvePlain(this.plainText(pattern));
    return value === undefined ? notPlain() : value;
  }

  private flowSequence(depth: number): Json {
    const items: Json[] = [];
    if (depth > MAX_DEPTH) notPlain();
    while (this.hasEntry(LIST_END, items.length === 0)) items.push(this.value(depth, FLOW_TEXT));
    return items;
  }

  private flowMapping(depth: number): Json {
    const data: Record<string, Json> = {};
    if (depth > MAX_DEPTH) notPlain();
    for (let first = true; this.hasEntry(MAP_END, first); first = false) {
      const key = this.key(data);
      this.skipSpaces();
      data[key] = this.value(depth, FLOW_TEXT);
    }
    return data;
  }

  /** Steps over the opening bracket or a comma, to the next entry; or over the closing bracket. */
  private hasEntry(end: number, first: boolean): boolean {
    this.skipSpaces();
    const here = this.text.charCodeAt(this.at);
    if (here === end && !first) {
      this.at += 1;
      return false;
    }
    if (!first && here !== COMMA) notPlain();
    this.at += 1;
    this.skipSpaces();
    if (this.text.charCodeAt(this.at) !== end) return true;
    if (!first) notPlain();
    this.at += 1;
    return false;
  }

  /** A key that is new to the mapping, up to and with its colon. */
  private key(data: Readonly<Record<string, Json>>): string {
    const key = this.match(KEY).slice(0, -1);
    if (key.length > MAX_KEY_LENGTH || isRefused(key) || Object.hasOwn(data, key)) notPlain();
    return key;
  }

  private plainText(pattern: RegExp): string {
    const start = this.at;
    const line = this.match(pattern);
    const comment = line.indexOf(' #');
    const text = withoutTrailingSpaces(comment === -1 ? line : line.slice(0, comment));
    if (text.endsWith(':') || text.includes(': ')) notPlain();
    this.at = start + text.length;
    return text;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) notPlain();
    const start = this.at;
    this.at = pattern.lastIndex;
    return this.text.slice(start, this.at);
  }

  private isAtItem(): boolean {
    if (this.text.charCodeAt(this.at) !== DASH) return false;
    const next = this.text.charCodeAt(this.at + 1);
    return next === SPACE || next === NEWLINE || Number.isNaN(next);
  }

  private skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at += 1;
  }

  /** Is there nothing more on this line, or a comment only? */
  private isAtLineEnd(): boolean {
    this.skipSpaces();
    const here = this.text.charCodeAt(this.at);
    if (here === HASH) return this.text.charCodeAt(this.at - 1) === SPACE;
    return here === NEWLINE || Number.isNaN(here);
  }

  private endLine(): void {
    if (!this.isAtLineEnd()) notPlain();
    this.toNextLine();
    this.toContent();
  }

  private toNextLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end + 1;
  }

  /** To the first line that holds more than a comment. */
  private toContent(): void {
    for (;;) {
      this.lineStart = this.at;
      this.skipSpaces();
      const here = this.text.charCodeAt(this.at);
      if (here !== NEWLINE && here !== HASH) {
        this.indent = Number.isNaN(here) ? -1 : this.at - this.lineStart;
        return;
      }
      this.toNextLine();
    }
  }
}

/** No text as YAML sees it, or a key that is a finding. */
function isRefused(key: string): boolean {
  return FORBIDDEN_KEYS.has(key) || key === 'null' || key === 'Null' || key === 'NULL';
}

/** Spaces only: `trimEnd` knows more kinds of white space than YAML. */
function withoutTrailingSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) end -= 1;
  return text.slice(0, end);
}
