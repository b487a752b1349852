import fc from 'fast-check';
import type { Json } from '../../src/model/json.js';

/** A value, and how it is written. */
export type Written =
  | { readonly kind: 'scalar'; readonly text: string; readonly data: Json }
  | { readonly kind: 'map'; readonly flow: boolean; readonly entries: readonly Entry[] }
  | { readonly kind: 'list'; readonly flow: boolean; readonly entries: readonly Entry[] };

/** `key` is the key's text in a mapping, and of no account in a list. */
interface Entry {
  readonly key: string;
  readonly value: Written;
  readonly blank: number;
  readonly above: boolean;
  readonly behind: boolean;
}

export interface YamlText {
  readonly text: string;
  /** Every comment, and the path of the entry that it is part of: behind it or in it. */
  readonly comments: readonly { readonly text: string; readonly path: readonly (string | number)[] }[];
}

const plain = fc.constantFrom('on', 'off', 'a b', 'team-x', '1.2.3', '2026-01-01', 'x:y', 'a#b', 'it is');
const scalars: fc.Arbitrary<Written> = fc.oneof(
  plain.map((text) => ({ kind: 'scalar' as const, text, data: text })),
  plain.map((text) => ({ kind: 'scalar' as const, text: `'${text} # no: comment'`, data: `${text} # no: comment` })),
  plain.map((text) => ({ kind: 'scalar' as const, text: `"${text}\\n, ]"`, data: `${text}\n, ]` })),
  fc
    .constantFrom<[string, Json]>(
      ['1', 1],
      ['-5', -5],
      ['25.5', 25.5],
      ['true', true],
      ['false', false],
      ['null', null],
    )
    .map(([text, data]) => ({ kind: 'scalar' as const, text, data })),
);

// Items of a list that have a name are known again by it.
const KEYS = ['name', 'b', 'c', 'd', 'e', "'f g'", '"h"', 'on'];

function entries(value: fc.Arbitrary<Written>): fc.Arbitrary<Entry[]> {
  const entry = fc.record({
    key: fc.constantFrom(...KEYS),
    value,
    blank: fc.nat({ max: 2 }),
    above: fc.boolean(),
    behind: fc.boolean(),
  });
  return fc.uniqueArray(entry, { selector: ({ key }) => key, minLength: 1, maxLength: 5 });
}

function values(depth: number, flow: boolean): fc.Arbitrary<Written> {
  if (depth === 0) return scalars;
  const below = fc.boolean().chain((inside) => values(depth - 1, flow || inside));
  const inner = flow ? values(depth - 1, true) : below;
  const collection = (kind: 'map' | 'list') => entries(inner).map((all) => ({ kind, flow, entries: all }) as const);
  return fc.oneof({ weight: 2, arbitrary: scalars }, collection('map'), collection('list'));
}

export const documents: fc.Arbitrary<Written & { kind: 'map' }> = entries(
  fc.boolean().chain((flow) => values(3, flow)),
).map((all) => ({ kind: 'map', flow: false, entries: all }));

export function dataOf(written: Written): Json {
  if (written.kind === 'scalar') return written.data;
  if (written.kind === 'list') return written.entries.map(({ value }) => dataOf(value));
  return Object.fromEntries(written.entries.map(({ key, value }) => [key.replace(/^['"]|['"]$/g, ''), dataOf(value)]));
}

export interface Style {
  readonly crlf: boolean;
  readonly finalNewline: boolean;
}

export const styles: fc.Arbitrary<Style> = fc.record({ crlf: fc.boolean(), finalNewline: fc.boolean() });

export function write(root: Written & { kind: 'map' }, { crlf, finalNewline }: Style): YamlText {
  const writer = new Writer();
  writer.block(root, 0, []);
  const text = finalNewline ? writer.text : writer.text.replace(/\n+$/, '');
  return { text: crlf ? text.replaceAll('\n', '\r\n') : text, comments: writer.comments };
}

class Writer {
  text = '';
  readonly comments: { text: string; path: readonly (string | number)[] }[] = [];

  block(
    written: Written & { kind: 'map' | 'list' },
    column: number,
    path: readonly (string | number)[],
    first = '',
  ): void {
    const indent = ' '.repeat(column);
    written.entries.forEach(({ key, value, blank, above, behind }, index) => {
      const name = key.replace(/^['"]|['"]$/g, '');
      const own = [...path, written.kind === 'map' ? name : index];
      const joined = index === 0 && first !== '';
      if (!joined) {
        this.text += '\n'.repeat(blank);
        if (above) this.text += `${indent}${this.comment(path)}\n`;
      }
      this.text += (joined ? first : indent) + (written.kind === 'map' ? `${key}:` : '-');
      this.value(value, column, own, behind, written.kind);
    });
  }

  private value(
    value: Written,
    column: number,
    path: readonly (string | number)[],
    behind: boolean,
    parent: 'map' | 'list',
  ): void {
    if (value.kind !== 'scalar' && !value.flow && parent === 'list' && !behind) {
      this.block(value, column + 2, path, ' ');
    } else if (value.kind !== 'scalar' && !value.flow) {
      this.text += behind ? ` ${this.comment(path)}\n` : '\n';
      this.block(value, column + 2, path);
    } else {
      this.text += ' ';
      this.flow(value, path, column + 2);
      this.text += behind ? ` ${this.comment(path)}\n` : '\n';
    }
  }

  private flow(value: Written, path: readonly (string | number)[], column: number): void {
    if (value.kind === 'scalar') {
      this.text += value.text;
      return;
    }
    const indent = ' '.repeat(column);
    this.text += value.kind === 'map' ? '{ ' : '[';
    value.entries.forEach(({ key, value: inner, above, behind, blank }, index) => {
      const name = key.replace(/^['"]|['"]$/g, '');
      if (above) this.text += ` ${this.comment(path)}\n${indent}`;
      if (value.kind === 'map') this.text += `${key}: `;
      this.flow(inner, [...path, value.kind === 'map' ? name : index], column + 2);
      const last = index === value.entries.length - 1;
      if (!last || blank === 2) this.text += ',';
      if (behind) this.text += ` ${this.comment(path)}\n${indent}`;
      else if (!last) this.text += blank === 1 ? `\n${indent}` : ' ';
    });
    this.text += value.kind === 'map' ? ' }' : ']';
  }

  private comment(path: readonly (string | number)[]): string {
    const text = `# note ${this.comments.length}, "it's" [x`;
    this.comments.push({ text, path });
    return text;
  }
}
