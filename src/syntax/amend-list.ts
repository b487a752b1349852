import { isDeepStrictEqual } from 'node:util';
import type { Node, YAMLSeq } from 'yaml';
import type { Json, JsonObject } from '../model/json.js';
import { insert, removeFromBlock, removeFromFlow } from './amend-entries.js';
import { toData } from './data.js';
import { beginsLine, columnOf, endOf, lineEnd, nextToken, startOf, withComments } from './extent.js';
import { isObject, renderFlow, renderItem } from './render.js';
import type { Scene, Span } from './scene.js';

/** A list that holds something, and is to hold something else. */
interface List {
  readonly flow: boolean;
  readonly items: readonly Node[];
  /** From the dash, or of a flow item from its first character, to its end. */
  readonly spans: readonly Span[];
  readonly target: readonly Json[];
}

/** One item before and after; one side is absent where the item was removed or added. */
interface Row {
  readonly before?: number;
  readonly after?: number;
}

/** Makes a list that is not empty say `target`, which is not empty. */
export function amendList(scene: Scene, sequence: YAMLSeq, target: readonly Json[]): void {
  const items = sequence.items as readonly Node[];
  const flow = sequence.flow === true;
  const list: List = { flow, items, target, spans: spansOf(scene, sequence, flow) };
  const [before, after] = identities(
    items.map((item) => toData(item, [])),
    target,
  );
  const order = orderOfKept(before, after);
  if (order.some((index, at) => at > 0 && index < (order[at - 1] as number))) permute(scene, list, order);
  else amendItems(scene, list, pairUp(rowsOf(before, after), list));
}

function spansOf({ text }: Scene, sequence: YAMLSeq, flow: boolean): Span[] {
  const spans: Span[] = [];
  let at = startOf(sequence);
  for (const item of sequence.items as readonly Node[]) {
    const start = flow ? startOf(item) : nextToken(text, at);
    at = Math.max(endOf(text, item), start + (flow ? 0 : 1));
    spans.push({ start, end: at });
  }
  return spans;
}

// Who is who

/** What items are known by, before and after. What is the same at both ends of the list is in its place. */
function identities(before: readonly Json[], after: readonly Json[]): [string[], string[]] {
  const [old, current] = [marksOf(before, after), marksOf(after, before)];
  const shorter = Math.min(old.length, current.length);
  let head = 0;
  while (head < shorter && old[head] === current[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === current.at(-1 - tail)) tail += 1;
  return [numbered(old, head, tail), numbered(current, head, tail)];
}

/** By what items are known again in the other list: one that is there to the letter by all of it, else by its name. */
function marksOf(items: readonly Json[], others: readonly Json[]): string[] {
  const known = new Set(others.map((item) => JSON.stringify(item)));
  return items.map((item) => {
    const [name, value] = [nameOf(item), JSON.stringify(item)];
    return name === undefined || known.has(value) ? `value ${value}` : `name ${JSON.stringify(name)}`;
  });
}

/** Equal ones are told apart: at the ends by their places, in between by their numbers. */
function numbered(marks: readonly string[], head: number, tail: number): string[] {
  const counts = new Map<string, number>();
  return marks.map((mark, index) => {
    if (index < head) return `first ${index}`;
    if (index >= marks.length - tail) return `last ${marks.length - index}`;
    const count = counts.get(mark) ?? 0;
    counts.set(mark, count + 1);
    return `${count} ${mark}`;
  });
}

function nameOf(value: Json | undefined): Json | undefined {
  if (value === undefined || !isObject(value)) return undefined;
  return value.name ?? (value.operator === undefined ? value.flag : undefined);
}

/** Of the items that stay, in their new order, where they were. */
function orderOfKept(before: readonly string[], after: readonly string[]): number[] {
  const indexes = new Map(before.map((identity, index) => [identity, index]));
  return after.map((identity) => indexes.get(identity)).filter((index) => index !== undefined);
}

/** What stays is in the same order on both sides; of the rest, removed items come before added ones. */
function rowsOf(before: readonly string[], after: readonly string[]): Row[] {
  const old = new Set(before);
  const current = new Set(after);
  const rows: Row[] = [];
  let index = 0;
  after.forEach((identity, at) => {
    while (index < before.length && !current.has(before[index] as string)) rows.push({ before: index++ });
    rows.push(old.has(identity) ? { before: index++, after: at } : { after: at });
  });
  for (; index < before.length; index += 1) rows.push({ before: index });
  return rows;
}

/**
 * A removed item and an added one that stand in the same gap may be one changed item. If nothing at all stays, the first becomes the first.
 */
function pairUp(rows: readonly Row[], { items, target }: List): Row[] {
  const result: Row[] = [];
  let removed: number[] = [];
  const flush = () => {
    result.push(...removed.map((before) => ({ before })));
    removed = [];
  };
  for (const { before, after } of rows) {
    if (after === undefined) removed.push(before as number);
    else if (before !== undefined) {
      flush();
      result.push({ before, after });
    } else {
      const [candidate] = removed;
      const pairs = candidate !== undefined && isChanged(toData(items[candidate] as Node, []), target[after] as Json);
      result.push(pairs ? { before: removed.shift() as number, after } : { after });
    }
  }
  flush();
  return result.some(isKept) ? result : [{ before: 0, after: 0 }, ...result.filter(isNotFirst)];
}

/** Items without names are, and those of which nothing but the name is different. */
function isChanged(before: Json, after: Json): boolean {
  if (nameOf(before) === undefined && nameOf(after) === undefined) return true;
  return isObject(before) && isObject(after) && isDeepStrictEqual(nameless(before), nameless(after));
}

function nameless({ name: _, flag: __, ...rest }: JsonObject): JsonObject {
  return rest;
}

function isKept({ before, after }: Row): boolean {
  return before !== undefined && after !== undefined;
}

function isNotFirst({ before, after }: Row): boolean {
  return before !== 0 && after !== 0;
}

// Moving

/** Puts the items that stay into each other's places, with their comments; the next pass does the rest. */
function permute(scene: Scene, list: List, order: readonly number[]): void {
  const bodies = bodiesOf(scene, list);
  const places = [...order].sort((a, b) => a - b);
  order.forEach((source, at) => {
    const place = places[at] as number;
    const { start, end } = bodies[source] as Span;
    if (place !== source) scene.splices.push({ ...(bodies[place] as Span), text: scene.text.slice(start, end) });
  });
  scene.again();
}

/** Items with the comments right above them and behind them, from the first character on. */
function bodiesOf({ text }: Scene, { flow, spans }: List): readonly Span[] {
  if (flow) return spans;
  const onOwnLines = spans.every(({ start }) => beginsLine(text, start));
  return spans.map(({ start, end }) => {
    const first = onOwnLines ? withComments(text, start) + columnOf(text, start) : start;
    return { start: first, end: lineEnd(text, end) };
  });
}

// Changing, removing, adding

function amendItems(scene: Scene, list: List, rows: readonly Row[]): void {
  const kept = new Set(rows.filter(isKept).map(({ before }) => before));
  for (const { before, after } of rows) {
    if (before !== undefined && after !== undefined) amendItem(scene, list, before, list.target[after] as Json);
  }
  const isStaying = list.items.map((_, index) => kept.has(index));
  if (list.flow) removeFromFlow(scene, list.spans, isStaying);
  else removeFromBlock(scene, list.spans, isStaying);
  insertItems(scene, list, rows, list.spans[isStaying.indexOf(true)] as Span);
}

/** Most items of a long list stay as they are, and where they stand takes time to tell. */
function amendItem(scene: Scene, { flow, items, spans }: List, index: number, target: Json): void {
  if (isDeepStrictEqual(toData(items[index] as Node, []), target)) return;
  const { start } = spans[index] as Span;
  const column = columnOf(scene.text, start);
  const after = flow ? start : start + 1;
  scene.amend(items[index] as Node, target, { after, column, flow, render: flow ? renderFlow : renderItem });
}

function insertItems(scene: Scene, { flow, spans, target }: List, rows: readonly Row[], first: Span): void {
  const { text } = scene;
  const column = columnOf(text, first.start);
  const front = flow || !beginsLine(text, first.start) ? first.start : withComments(text, first.start);
  let before: Span | undefined;
  for (const row of rows) {
    if (row.after === undefined) continue;
    if (row.before !== undefined) before = spans[row.before];
    else {
      const value = target[row.after] as Json;
      const added = flow ? renderFlow(value) : `-${renderItem(value, column)}`;
      insert(scene, { flow, text: added, column, before, first: front });
    }
  }
}
