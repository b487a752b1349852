import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { Refusal } from '../diagnostics/refusal.js';
import type { Json, JsonObject } from '../model/json.js';
import { amendList } from './amend-list.js';
import { amendMap, keepsAny } from './amend-map.js';
import { commentSpans } from './comments.js';
import { toData } from './data.js';
import { composeDocument } from './document.js';
import { columnOf, endOf, startOf } from './extent.js';
import { readPlain } from './plain-reader.js';
import { isList, isObject, renderScalar, renderValue } from './render.js';
import { commentsIn, type Place, type Scene } from './scene.js';
import { type Splice, splice } from './splice.js';

/** Each pass settles one level of nesting at least, and no file is nested deeper. */
const MOST_PASSES = 100;

/**
 * Changes the text of a YAML file so that it says `target`, and changes nothing else: comments, order, quoting
 * and blank lines of what stays the same are left alone, byte for byte. The order of a mapping's entries is the
 * text's; new entries stand after the entry that they follow in `target`. Items of a list that change their places
 * take the comments above and behind them along. A comment above something that is removed stays.
 *
 * @throws Refusal when the text is no YAML, or written in a way that cannot be changed so
 */
export function amend(text: string, target: JsonObject): string {
  let amended = text;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const { document } = composeDocument(amended);
    if (document === undefined) throw refusal();
    if (isDeepStrictEqual(toData(document.contents, []), target)) return amended;
    const next = amendOnce(amended, document.contents, target);
    if (!next.again) return verified(next.text, target);
    amended = next.text;
  }
  throw refusal();
}

function verified(text: string, target: JsonObject): string {
  if (isDeepStrictEqual(readPlain(text) ?? readWithLibrary(text), target)) return text;
  throw refusal();
}

function readWithLibrary(text: string): Json | undefined {
  const { document } = composeDocument(text);
  return document && toData(document.contents, []);
}

function refusal(): Refusal {
  return new Refusal('unavailable', 'the file is written in a way that cannot be changed without touching the rest', {
    help: 'change it with an editor',
  });
}

function amendOnce(text: string, root: Node | null, target: JsonObject): { text: string; again: boolean } {
  const splices: Splice[] = [];
  let again = false;
  const scene: Scene = {
    text,
    comments: commentSpans(text),
    splices,
    amend: (node, wanted, place) => amendValue(scene, node, wanted, place),
    again: () => {
      again = true;
    },
  };
  scene.amend(root, target, { after: 0, column: -2, flow: false, render: renderRoot });
  return { text: finish(text, splices), again };
}

/** Line ends, and the end of the last line, are those of the text. */
function finish(text: string, splices: readonly Splice[]): string {
  const breaks = text.includes('\r\n') ? '\r\n' : '\n';
  const own = splices.map((each) => ({ ...each, text: each.text.replaceAll(/\r?\n/g, breaks) }));
  const amended = splice(text, own);
  return text.endsWith('\n') ? amended : amended.replace(/\r?\n$/, '');
}

function renderRoot(value: Json): string {
  return renderValue(value, -2).trimStart();
}

function amendValue(scene: Scene, node: Node | null, target: Json, place: Place): void {
  if (isDeepStrictEqual(toData(node, []), target)) return;
  if (isMap(node) && isObject(target) && keepsAny(node, target) && isBraced(scene, node)) {
    amendMap(scene, node as YAMLMap, target);
  } else if (isSeq(node) && isList(target) && node.items.length > 0 && target.length > 0) {
    amendList(scene, node as YAMLSeq, target);
  } else if (isScalar(node) && !isObject(target) && !isList(target) && isOneLine(scene, node)) {
    replaceScalar(scene, node, target);
  } else replaceWhole(scene, node, target, place);
}

/** `[a: 1]` holds a mapping without braces. */
function isBraced({ text }: Scene, map: YAMLMap): boolean {
  return map.flow !== true || text[startOf(map)] === '{';
}

function isOneLine({ text }: Scene, scalar: Scalar): boolean {
  const source = text.slice(scalar.range?.[0], scalar.range?.[1]);
  return source !== '' && !source.includes('\n');
}

function replaceScalar({ splices }: Scene, scalar: Scalar, target: Json): void {
  const [start, end] = scalar.range ?? [0, 0];
  const quotes = scalar.type === Scalar.QUOTE_DOUBLE || scalar.type === Scalar.QUOTE_SINGLE ? scalar.type : undefined;
  splices.push({ start, end, text: renderScalar(target, quotes) });
}

/** Writes the value anew. Comments on the way to the value and in it come to stand on the first line. */
function replaceWhole(scene: Scene, node: Node | null, target: Json, place: Place): void {
  const { after, column, flow } = place;
  const end = node === null ? after : Math.max(after, endOf(scene.text, node));
  const comments = commentsIn(scene, { start: after, end });
  const [first, ...lines] = place.render(target, column).split('\n');
  const head = [first, ...comments].join(' ');
  const tail = flow && comments.length > 0 ? [' '.repeat(columnOf(scene.text, after))] : [];
  scene.splices.push({ start: after, end, text: [head, ...lines, ...tail].join('\n') });
}
