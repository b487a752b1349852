import { Refusal } from '../diagnostics/refusal.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Edit } from './change.js';
import { withField, withoutField } from './fields.js';

/** What makes a flag or segment this one and no other. */
const IMMUTABLE: readonly string[] = ['key', 'type', 'flag', 'environment'];

/** One value somewhere in a file; `undefined` removes it. Items of lists go by number from 0, `-` adds one. */
export interface Assignment {
  readonly path: readonly string[];
  readonly value: Json | undefined;
}

/** @throws Refusal (from the edit) when a path leads nowhere, or to what cannot change */
export function assign(assignments: readonly Assignment[]): Edit {
  return (part, inherited) => assignments.reduce((edited, one) => assignOne(edited, inherited, one), part);
}

/** Below a field that the part inherits, the whole field becomes the part's own. */
function assignOne(part: JsonObject, inherited: JsonObject, { path, value }: Assignment): JsonObject {
  const [field, ...rest] = path;
  if (field === undefined) throw leadsNowhere(path);
  if (IMMUTABLE.includes(field)) {
    const help = 'make a new one, and archive this one when nobody asks for it any more';
    throw new Refusal('invalid-argument', `\`${field}\` cannot change`, { help });
  }
  const takesOver = rest.length > 0 && !Object.hasOwn(part, field) && inherited[field] !== undefined;
  const start = takesOver ? withField(part, field, inherited[field] as Json) : part;
  return setAt(start, path, value, path) as JsonObject;
}

function setAt(
  data: Json | undefined,
  steps: readonly string[],
  value: Json | undefined,
  path: readonly string[],
): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(data)) return setItem(data as readonly Json[], step, rest, value, path);
  if (typeof data === 'object' || data === undefined)
    return setEntry((data ?? {}) as JsonObject, step, rest, value, path);
  throw leadsNowhere(path);
}

function setEntry(
  data: JsonObject,
  step: string,
  rest: readonly string[],
  value: Json | undefined,
  path: readonly string[],
): Json {
  const before = Object.hasOwn(data, step) ? data[step] : undefined;
  if (value === undefined && before === undefined) throw leadsNowhere(path);
  const after = setAt(before, rest, value, path);
  return after === undefined ? withoutField(data, step) : withField(data, step, after);
}

function setItem(
  list: readonly Json[],
  step: string,
  rest: readonly string[],
  value: Json | undefined,
  path: readonly string[],
): Json {
  const index = step === '-' ? list.length : Number(step);
  const isThere = index < list.length || (step === '-' && value !== undefined);
  if (!/^(?:-|\d+)$/.test(step) || !isThere) throw leadsNowhere(path);
  const after = setAt(list[index], rest, value, path);
  return list.toSpliced(index, 1, ...(after === undefined ? [] : [after]));
}

function leadsNowhere(path: readonly string[]): Refusal {
  const help = 'items of a list are numbered from 0, and `-` is a new one';
  return new Refusal('not-found', `\`${path.join('.')}\` leads nowhere`, { help });
}
