import { isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';
import { child } from '../diagnostics/pointer.js';
import type { Json } from '../model/json.js';
import type { TextProblem } from './tokens.js';

/** A problem of one entry, which a pointer leads to. */
export interface EntryProblem extends TextProblem {
  readonly pointer: string;
  readonly related?: readonly {
    readonly start: number;
    readonly end: number;
    readonly pointer: string;
    readonly message: string;
  }[];
}

/** Keys that mean something to JavaScript itself. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The data of composed nodes, as plain objects and lists. A key is text, as it is written:
 * `true:` is the key `true` and `007:` the key `007`.
 */
export function toData(node: Node | null, problems: EntryProblem[], pointer = ''): Json {
  if (isMap(node)) return mapToData(node as YAMLMap<Node, Node | null>, problems, pointer);
  if (isSeq(node)) return node.items.map((item, index) => toData(item as Node, problems, child(pointer, index)));
  return isScalar(node) ? scalarToData(node, problems, pointer) : null;
}

function scalarToData(node: Scalar, problems: EntryProblem[], pointer: string): Json {
  if (typeof node.value === 'number' && !Number.isFinite(node.value)) problems.push({ ...notFinite(node), pointer });
  return node.value === 0 ? 0 : (node.value as Json);
}

function mapToData(map: YAMLMap<Node, Node | null>, problems: EntryProblem[], pointer: string): Json {
  const data: Record<string, Json> = {};
  const seen = new Map<string, Node>();
  for (const pair of map.items) {
    const key = keyOf(pair);
    const problem = key === undefined ? notText(pair) : keyProblem(key, pair.key, seen, pointer);
    if (problem !== undefined)
      problems.push({ pointer: key === undefined ? pointer : child(pointer, key), ...problem });
    if (key === undefined || problem !== undefined) continue;
    seen.set(key, pair.key);
    data[key] = toData(pair.value, problems, child(pointer, key));
  }
  return data;
}

/** The text of a key; `undefined` for one that is no text: nothing at all, a mapping, a list. */
export function keyOf({ key }: Pair<Node | null, unknown>): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'string' ? key.value : key.source;
}

function notText({ key }: Pair<Node | null, unknown>): TextProblem {
  const [start, end] = key?.range ?? [0, 0];
  return {
    code: 'syntax/invalid-yaml',
    start,
    end,
    message: 'a key is not text',
    help: 'write a name before the colon',
  };
}

function keyProblem(
  key: string,
  node: Node,
  seen: ReadonlyMap<string, Node>,
  pointer: string,
): Omit<EntryProblem, 'pointer'> | undefined {
  const [start, end] = node.range ?? [0, 0];
  if (isMergeKey(key, node)) {
    return { code: 'syntax/merge-key', start, end, message: 'merge key `<<`', help: 'write the entries out' };
  }
  if (FORBIDDEN_KEYS.has(key)) {
    return {
      code: 'syntax/forbidden-key',
      start,
      end,
      message: `key \`${key}\` is not allowed`,
      help: 'choose another name',
    };
  }
  const first = seen.get(key);
  return first === undefined ? undefined : duplicate(key, [start, end], first.range ?? [0, 0], pointer);
}

function isMergeKey(key: string, node: Node): boolean {
  return key === '<<' && isScalar(node) && node.type === Scalar.PLAIN;
}

type Span = readonly [number, number, ...unknown[]];

function duplicate(key: string, [start, end]: Span, first: Span, pointer: string): Omit<EntryProblem, 'pointer'> {
  return {
    code: 'syntax/duplicate-key',
    start,
    end,
    message: `key \`${key}\` is there twice`,
    help: 'keep one of the two',
    related: [{ start: first[0], end: first[1], pointer: child(pointer, key), message: 'the first one' }],
  };
}

function notFinite(node: Scalar): TextProblem {
  const [start, end] = node.range ?? [0, 0];
  const text = node.source ?? String(node.value);
  return {
    code: 'syntax/invalid-yaml',
    start,
    end,
    message: `\`${text}\` is no number that JSON knows`,
    help: `write a finite number, or quote it if it is text: '${text}'`,
  };
}
