import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/model/json.js';
import { amend } from '../../src/syntax/amend.js';
import { dataOf, documents, styles, write, type YamlText } from './yaml-text.js';

/** What the library makes of a text, apart from our own reading of it. */
function read(text: string): JsonObject {
  return parse(text, { version: '1.2', schema: 'core' });
}

const files = fc.record({ root: documents, style: styles }).map(({ root, style }) => {
  return { data: dataOf(root) as JsonObject, ...write(root, style) };
});

type Path = readonly (string | number)[];
type Mutable = { [key: string | number]: Mutable } & Json;

function at(data: Json, path: Path): Json {
  return path.reduce<Json>((value, step) => (value as Mutable)[step] as Json, data);
}

function stepsOf(data: Json): (string | number)[] {
  return Array.isArray(data) ? [...data.keys()] : Object.keys(data ?? {});
}

/** The paths of all collections. */
function collections(data: Json, path: Path = []): Path[] {
  if (typeof data !== 'object' || data === null) return [];
  return [path, ...stepsOf(data).flatMap((step) => collections((data as Mutable)[step] as Json, [...path, step]))];
}

/** The data with the collection at `path` changed. */
function changed(data: JsonObject, path: Path, change: (collection: Mutable) => void): JsonObject {
  const copy = structuredClone(data);
  change(at(copy, path) as Mutable);
  return copy;
}

const pick = <T>(all: readonly T[], choice: number): T => all[choice % all.length] as T;
const commentsIn = (text: string) => text.match(/# note \d+, "it's" \[x/g)?.toSorted() ?? [];
const allComments = ({ comments }: YamlText) => comments.map(({ text }) => text).toSorted();
const choice = fc.nat({ max: 1000 });

const added = fc.constantFrom<Json>(
  'text',
  'a: b # c',
  '12',
  7,
  null,
  true,
  [],
  {},
  ['x', 'y'],
  { x: 1, y: { z: 'w' } },
  [{ name: 'n', list: [1, { deep: [{ er: 1 }] }] }],
  { long: 'word '.repeat(30), rules: [{ name: 'r' }] },
);

describe('an amended file', () => {
  it('is the same byte for byte when nothing changes', () => {
    fc.assert(
      fc.property(files, ({ text, data }) => {
        expect(read(text)).toEqual(data);
        expect(amend(text, data)).toBe(text);
      }),
    );
  });

  it('says anything that it is asked to say', () => {
    fc.assert(
      fc.property(files, documents, (file, root) => {
        const target = dataOf(root) as JsonObject;
        expect(read(amend(file.text, target))).toEqual(target);
      }),
    );
  });

  it('keeps every comment when something is added, and removing that gives the same bytes', () => {
    fc.assert(
      fc.property(files, choice, choice, added, (file, which, where, value) => {
        const path = pick(collections(file.data), which);
        const target = changed(file.data, path, (collection) => {
          if (Array.isArray(collection)) collection.splice(where % (collection.length + 1), 0, value);
          else Object.assign(collection, { added: value });
        });
        const text = amend(file.text, target);
        expect(read(text)).toEqual(target);
        expect(commentsIn(text)).toEqual(allComments(file));
        expect(amend(text, file.data)).toBe(file.text);
      }),
    );
  });

  it('keeps the comments outside what is removed', () => {
    fc.assert(
      fc.property(files, choice, choice, (file, which, where) => {
        const path = pick(collections(file.data), which);
        const collection = at(file.data, path) as Mutable;
        const step = pick(stepsOf(collection), where);
        const target = changed(file.data, path, (copy) => {
          if (Array.isArray(copy)) copy.splice(step as number, 1);
          else delete copy[step];
        });
        // Which of two equal items is gone, nobody can tell.
        if (Array.isArray(collection))
          fc.pre(new Set(collection.map((item) => JSON.stringify(item))).size === collection.length);
        const text = amend(file.text, target);
        expect(read(text)).toEqual(target);
        const removed = [...path, step];
        const outside = file.comments.filter((comment) => !removed.every((one, index) => comment.path[index] === one));
        const kept = new Set(commentsIn(text));
        expect(outside.map((comment) => comment.text).filter((comment) => !kept.has(comment))).toEqual([]);
      }),
    );
  });

  it('keeps every comment when items change places, and moving them back gives the same bytes', () => {
    fc.assert(
      fc.property(files, choice, choice, choice, (file, which, from, to) => {
        const lists = collections(file.data).filter((path) => Array.isArray(at(file.data, path)));
        if (lists.length === 0) return;
        const path = pick(lists, which);
        const target = changed(file.data, path, (list) => {
          const items = list as unknown as Json[];
          const [moved] = items.splice(from % items.length, 1);
          items.splice(to % (items.length + 1), 0, moved as Json);
        });
        const text = amend(file.text, target);
        expect(read(text)).toEqual(target);
        expect(commentsIn(text)).toEqual(allComments(file));
        expect(amend(text, file.data)).toBe(file.text);
      }),
    );
  });

  it('changes a value in place, and setting it back gives the same bytes', () => {
    fc.assert(
      fc.property(files, choice, choice, fc.nat({ max: 99 }), (file, which, where, value) => {
        const path = pick(collections(file.data), which);
        const collection = at(file.data, path) as Mutable;
        const numbers = stepsOf(collection).filter((step) => typeof collection[step] === 'number');
        if (numbers.length === 0) return;
        const target = changed(file.data, path, (copy) => Object.assign(copy, { [pick(numbers, where)]: value }));
        const text = amend(file.text, target);
        expect(read(text)).toEqual(target);
        expect(commentsIn(text)).toEqual(allComments(file));
        expect(amend(text, file.data)).toBe(file.text);
      }),
    );
  });

  it('has its new entries where they were asked for, in the manner of the file', () => {
    const text = `# a schema
key: a # the key
overrides:
  on: [u1, 'u2']   # friends
rules:
  # the first
  - name: A
    serve: on

  - { name: B, serve: off }
`;
    const target = {
      key: 'a',
      type: 'boolean',
      overrides: { on: ['u1', 'u2', '007'], off: ['x'] },
      rules: [
        { name: 'Z', serve: 'on' },
        { name: 'A', serve: 'off' },
        { name: 'B', serve: 'off' },
      ],
      enabled: false,
    };
    expect(amend(text, target)).toBe(`# a schema
key: a # the key
type: boolean
overrides:
  on: [u1, 'u2', '007']   # friends
  off: [x]
rules:
  - { name: Z, serve: on }
  # the first
  - name: A
    serve: off

  - { name: B, serve: off }
enabled: false
`);
  });

  it('takes comments along when a rule moves', () => {
    const text = 'rules:\n  # about A\n  - name: A # a\n\n  # about B\n  - name: B\n';
    expect(amend(text, { rules: [{ name: 'B' }, { name: 'A', serve: 'on' }] })).toBe(
      'rules:\n  # about B\n  - name: B\n\n  # about A\n  - name: A # a\n    serve: on\n',
    );
  });

  it('keeps the comments of a list of which nothing stays', () => {
    expect(amend('ids: [a, # one\n  b]\n', { ids: ['c', 'd', 'e'] })).toBe('ids: [c, # one\n  d, e]\n');
  });

  it('renames an item in its place', () => {
    const text = 'rules:\n  - name: A # first\n    if: [x] # what\n  - if: [y] # more\n';
    expect(
      amend(text, {
        rules: [
          { name: 'Z', if: ['x'] },
          { if: ['y'], name: 'B' },
        ],
      }),
    ).toBe('rules:\n  - name: Z # first\n    if: [x] # what\n  - if: [y] # more\n    name: B\n');
  });

  it('keeps the comments between named items of which none stays', () => {
    const text = 'rules:\n  # one\n  - name: A\n    serve: on # a\n  # two\n  - name: B\n';
    expect(
      amend(text, {
        rules: [
          { name: 'C', serve: 'off' },
          { name: 'D', x: 1 },
        ],
      }),
    ).toBe('rules:\n  # one\n  - name: C\n    serve: off # a\n  - { name: D, x: 1 }\n  # two\n');
  });

  it('is refused where it is written in a way that leaves no room', () => {
    expect(() => amend('a: [', { a: 1 })).toThrow('cannot be changed');
    expect(() => amend('? a\n: 1\n? b\n: 2\n', { b: 2, c: 3 })).toThrow('cannot be changed');
  });

  it('may hold ten thousand ids', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `user-${index}`);
    for (const text of [`ids: [${ids.join(', ')}]\n`, `ids:\n${ids.map((id) => `  - ${id} # of ${id}\n`).join('')}`]) {
      const moved = [...ids.slice(1, 9000), 'new', ...ids.slice(9000), 'user-0'].filter((id) => id !== 'user-777');
      expect(read(amend(text, { ids: moved }))).toEqual({ ids: moved });
      expect(amend(amend(text, { ids: ids.toReversed() }), { ids })).toBe(text);
    }
  });
});
