import { type Document, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Range, Target } from '../diagnostics/diagnostic.js';
import { stepsOf } from '../diagnostics/pointer.js';
import { keyOf } from './data.js';
import { composeDocument } from './document.js';
import { endOf } from './extent.js';
import { rangeOf, START } from './positions.js';
import type { SourceFile } from './source-file.js';

/**
 * Where a pointer leads in a file. `key` is the key of the entry, `value` its value.
 * What is not there is shown at the key of what should hold it.
 */
export function locate(file: SourceFile, pointer: string, target: Target = 'value'): Range {
  const found = find(file, pointer);
  if (found === undefined) return START;
  const node =
    found.exact && target === 'value' && hasText(found.value) ? found.value : (found.key ?? headOf(found.value));
  return node?.range ? rangeOf(file.text, node.range[0], endOf(file.text, node)) : START;
}

/** A scalar as the user wrote it (`007`, `2.10`), or nothing if the pointer leads to no bare or quoted scalar. */
export function sourceAt(file: SourceFile, pointer: string): string | undefined {
  const found = find(file, pointer);
  if (!found?.exact || !isScalar(found.value) || !found.value.range) return undefined;
  return file.text.slice(found.value.range[0], found.value.range[1]);
}

interface Found {
  /** The key of the entry; of a list's item that of the nearest entry above it is not taken. */
  readonly key: Node | undefined;
  readonly value: Node | null;
  /** `false`: the pointer leads on to something that is not there. */
  readonly exact: boolean;
}

function find(file: SourceFile, pointer: string): Found | undefined {
  const document = documentOf(file);
  if (document === undefined) return undefined;
  let found: Found = { key: undefined, value: document.contents, exact: true };
  for (const step of stepsOf(pointer)) {
    const next = enter(found.value, step);
    if (next === undefined) return { ...found, exact: false };
    found = next;
  }
  return found;
}

function enter(node: Node | null, step: string): Found | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { key: undefined, value: item as Node, exact: true };
  }
  if (!isMap(node)) return undefined;
  const pairs = node.items as Pair<Node, Node | null>[];
  const pair = pairs.find((candidate) => keyOf(candidate) === step);
  return pair && { key: pair.key, value: pair.value, exact: true };
}

function hasText(node: Node | null): node is Node {
  return node?.range ? node.range[1] > node.range[0] : false;
}

/** What stands for a thing without a key of its own: the first key of a mapping, else the thing itself. */
function headOf(node: Node | null): Node | null {
  return isMap(node) ? ((node.items[0]?.key as Node | undefined) ?? node) : node;
}

/** Findings come file by file, so the last document is all that needs to be kept. */
let last: { readonly text: string; readonly document: Document.Parsed | undefined } | undefined;

function documentOf({ text }: SourceFile): Document.Parsed | undefined {
  if (last?.text !== text) last = { text, document: composeDocument(text).document };
  return last.document;
}
