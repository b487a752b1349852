import { child, stepsOf } from '../../diagnostics/pointer.js';
import type { Json, JsonObject } from '../../model/json.js';
import { isList, isObject } from '../../syntax/render.js';
import type { Act } from './change.js';

/**
 * Where in a body stands what has come to stand at `pointer` of the document. What the body says nothing of is
 * nowhere in it: the answer is the whole body then.
 */
export function pointerInBody(act: Act, pointer: string): string {
  switch (act.kind) {
    case 'create':
    case 'replace':
      return inWhole(act.body, pointer);
    case 'merge':
      return inMergePatch(act.body, stepsOf(pointer));
    case 'json-patch':
      return inJsonPatch(act.body, stepsOf(pointer));
    default:
      return '';
  }
}

/** What `default_value` stands for is blamed on it. */
function inWhole(body: Json, pointer: string): string {
  const [first = ''] = stepsOf(pointer);
  const stood = isObject(body) && Object.hasOwn(body, 'default_value') && !Object.hasOwn(body, first);
  return stood && ['variants', 'default'].includes(first) ? '/default_value' : pointer;
}

/** The deepest that the patch has of the way; what it removes is there as `null`. */
function inMergePatch(body: Json, steps: readonly string[]): string {
  let value: Json | undefined = body;
  const found: string[] = [];
  for (const step of steps) {
    value = value === undefined ? undefined : stepInto(value, step);
    if (value !== undefined) found.push(step);
  }
  return child('', ...found);
}

function stepInto(value: Json, step: string): Json | undefined {
  if (isList(value)) return value[Number(step)];
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** The last operation that wrote there, or above; else the last one that wrote below. */
function inJsonPatch(body: Json, steps: readonly string[]): string {
  const operations = isList(body) ? body : [];
  for (let index = operations.length - 1; index >= 0; index -= 1) {
    const place = placeOf(operations[index] as JsonObject, steps);
    if (place !== undefined) return child('', index, ...place);
  }
  return '';
}

function placeOf({ op, path }: JsonObject, steps: readonly string[]): string[] | undefined {
  if (op === 'test' || typeof path !== 'string') return undefined;
  const written = stepsOf(path);
  const meets = written.every((step, index) => index >= steps.length || step === steps[index] || step === '-');
  if (!meets) return undefined;
  if (written.length > steps.length || op === 'remove' || op === 'move' || op === 'copy') return ['path'];
  return ['value', ...steps.slice(written.length)];
}
