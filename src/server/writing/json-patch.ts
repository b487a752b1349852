import { applyPatch, type Operation } from 'rfc6902';
import { child, stepsOf } from '../../diagnostics/pointer.js';
import type { Json, JsonObject } from '../../model/json.js';
import { FORBIDDEN_KEYS } from '../../syntax/data.js';
import { isList, isObject } from '../../syntax/render.js';

/** What is wrong with a patch, or with one of its operations. */
export class PatchError extends Error {
  /** @param pointer into the patch. @param isTest the document is not as a `test` says */
  constructor(
    readonly pointer: string,
    message: string,
    readonly isTest = false,
  ) {
    super(message);
  }
}

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  add: ['op', 'path', 'value'],
  remove: ['op', 'path'],
  replace: ['op', 'path', 'value'],
  move: ['op', 'path', 'from'],
  copy: ['op', 'path', 'from'],
  test: ['op', 'path', 'value'],
};

/** A patch has at most so many operations. */
const MOST = 500;

/** characters; copies of copies grow fast, and no file may be larger */
const LARGEST = 1_048_576;

/** JSON Patch, RFC 6902: all of its operations or none. @throws PatchError */
export function jsonPatch(target: JsonObject, patch: Json): Json {
  if (!isList(patch)) throw new PatchError('', 'a JSON Patch is a list of operations');
  if (patch.length > MOST) throw new PatchError('', `a patch has at most ${MOST} operations`);
  const holder: Holder = { '': structuredClone(target) as Json };
  for (const [index, given] of patch.entries()) {
    const at = child('', index);
    const operation = checkShape(given, at);
    for (const part of partsOf(holder, operation, at)) apply(holder, part, at);
    if (operation.op === 'copy' && JSON.stringify(holder).length > LARGEST) {
      throw new PatchError(at, 'the result is larger than 1 MiB');
    }
  }
  return holder[''] ?? null;
}

/** The library cannot replace a whole document, but what an object holds under the name of nothing. */
type Holder = Record<string, Json>;

/** A copy is added, and a move is removed and then added (RFC 6902, 4.4): its place is one in what is left. */
function partsOf(holder: Holder, operation: JsonObject, at: string): JsonObject[] {
  const { op, path, from } = operation;
  if (from === undefined) return [operation];
  const steps = stepsIn(from);
  const value = steps && valueAt(holder, steps);
  if (value === undefined) throw leadsNowhere(child(at, 'from'), from);
  const added = { op: 'add', path, value } as JsonObject;
  return op === 'move' ? [{ op: 'remove', path: from }, added] : [added];
}

function apply(holder: Holder, operation: JsonObject, at: string): void {
  const { path } = operation;
  checkPath(holder, operation, at);
  const [failure] = applyPatch(holder, [{ ...operation, path: `/${path}` } as unknown as Operation]);
  if (failure) throw new PatchError(child(at, 'value'), `\`${path}\` is not so`, true);
}

function checkShape(operation: Json, at: string): JsonObject {
  if (!isObject(operation)) throw new PatchError(at, 'an operation is an object');
  const { op } = operation;
  const members = typeof op === 'string' && Object.hasOwn(MEMBERS, op) ? MEMBERS[op] : undefined;
  if (members === undefined) {
    throw new PatchError(child(at, 'op'), `one of ${Object.keys(MEMBERS).join(', ')}`);
  }
  const unknown = Object.keys(operation).find((name) => !members.includes(name));
  if (unknown !== undefined) throw new PatchError(child(at, unknown), `unknown; there are ${members.join(', ')}`);
  const missing = members.find((name) => !Object.hasOwn(operation, name));
  if (missing !== undefined) throw new PatchError(child(at, missing), `\`${op}\` needs it`);
  return operation;
}

/** The library takes more for a place than RFC 6901 does. */
function checkPath(document: Json, { op, path }: JsonObject, at: string): void {
  if (op === 'test' && stepsIn(path) !== undefined && !isThere(document, path)) {
    throw new PatchError(child(at, 'path'), `\`${path}\` is not there`, true);
  }
  if (!(op === 'add' ? hasRoom(document, path) : isThere(document, path))) throw leadsNowhere(child(at, 'path'), path);
}

function leadsNowhere(pointer: string, path: Json | undefined): PatchError {
  const shown = typeof path === 'string' ? path : JSON.stringify(path);
  return new PatchError(pointer, `\`${shown}\` leads nowhere; a path begins with \`/\` and items are numbered from 0`);
}

function isThere(document: Json, path: Json | undefined): boolean {
  const steps = stepsIn(path);
  return steps !== undefined && valueAt(document, steps) !== undefined;
}

function hasRoom(document: Json, path: Json | undefined): boolean {
  const steps = stepsIn(path) ?? [];
  const last = steps.at(-1);
  const parent = last === undefined ? undefined : valueAt(document, steps.slice(0, -1));
  if (last === undefined || parent === undefined) return false;
  if (isList(parent)) return last === '-' || (isIndex(last) && Number(last) <= parent.length);
  return isObject(parent) && !FORBIDDEN_KEYS.has(last);
}

/** RFC 6901, from the holder of the document. */
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

function stepsIn(path: Json | undefined): string[] | undefined {
  return typeof path === 'string' && POINTER.test(path) ? ['', ...stepsOf(path)] : undefined;
}

function valueAt(document: Json, steps: readonly string[]): Json | undefined {
  let value: Json | undefined = document;
  for (const step of steps) {
    if (value === undefined) return undefined;
    if (isList(value)) value = isIndex(step) ? value[Number(step)] : undefined;
    else if (isObject(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}

function isIndex(step: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(step);
}
