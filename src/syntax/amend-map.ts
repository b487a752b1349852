import type { YAMLMap } from 'yaml';
import type { Json, JsonObject } from '../model/json.js';
import { insert, removeFromBlock, removeFromFlow } from './amend-entries.js';
import { keyOf } from './data.js';
import { afterColon, columnOf, type Entry, endOfEntry, startOf } from './extent.js';
import { renderFlow, renderScalar, renderValue } from './render.js';
import type { Place, Scene, Span } from './scene.js';

/** Does any entry of the mapping stay? */
export function keepsAny(map: YAMLMap, target: JsonObject): boolean {
  return entriesOf(map).some((entry) => isIn(entry, target));
}

/** Makes a mapping of which some entry stays say `target`. */
export function amendMap(scene: Scene, map: YAMLMap, target: JsonObject): void {
  const entries = entriesOf(map);
  const flow = map.flow === true;
  for (const entry of entries) {
    const wanted = target[keyText(entry)];
    if (wanted !== undefined) scene.amend(entry.value, wanted, placeOf(scene, entry, flow));
  }
  const kept = entries.map((entry) => isIn(entry, target));
  const spans = entries.map((entry) => spanOf(scene, entry));
  if (flow) removeFromFlow(scene, spans, kept);
  else removeFromBlock(scene, spans, kept);
  insertEntries(scene, map, target, spans[kept.indexOf(true)] as Span);
}

function entriesOf(map: YAMLMap): readonly Entry[] {
  return map.items as unknown as readonly Entry[];
}

function isIn(entry: Entry, target: JsonObject): boolean {
  return Object.hasOwn(target, keyText(entry));
}

function keyText(entry: Entry): string {
  return keyOf(entry) ?? '';
}

function placeOf({ text }: Scene, entry: Entry, flow: boolean): Place {
  const column = columnOf(text, startOf(entry.key));
  return { after: afterColon(text, entry), column, flow, render: flow ? renderInFlow : renderValue };
}

function renderInFlow(value: Json): string {
  return ` ${renderFlow(value)}`;
}

function spanOf({ text }: Scene, entry: Entry): Span {
  return { start: startOf(entry.key), end: endOfEntry(text, entry) };
}

/** New entries, each after the one that it follows in the target. */
function insertEntries(scene: Scene, map: YAMLMap, target: JsonObject, first: Span): void {
  const present = new Map(entriesOf(map).map((entry) => [keyText(entry), spanOf(scene, entry)]));
  const flow = map.flow === true;
  const column = columnOf(scene.text, first.start);
  let before: Span | undefined;
  for (const [key, value] of Object.entries(target)) {
    const span = present.get(key);
    const text = () => `${renderScalar(key)}:${flow ? renderInFlow(value) : renderValue(value, column)}`;
    if (span !== undefined) before = span;
    else insert(scene, { flow, text: text(), column, before, first: first.start });
  }
}
