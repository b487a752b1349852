import { child } from '../diagnostics/pointer.js';
import type { Json } from '../model/json.js';
import type { WrittenCase } from './written.js';

/** A value of a test case, and where it is written. */
export interface Meant {
  readonly value: Json;
  readonly pointer: string;
}

/**
 * What a place of a case can stand for before it is run: itself; every value of the matrix where it is nothing but
 * `{name}`; nothing that is known yet where `{name}` is a part of it.
 * @param at where the case stands
 */
export function meantBy(one: WrittenCase, at: string, written: Meant): readonly Meant[] {
  const { value } = written;
  const named = Object.entries(one.matrix ?? {}).filter(
    ([name]) => typeof value === 'string' && value.includes(`{${name}}`),
  );
  if (named.length === 0) return [written];
  return named
    .filter(([name]) => value === `{${name}}`)
    .flatMap(([name, values]) =>
      values.map((each, index) => ({ value: each, pointer: child(at, 'matrix', name, index) })),
    );
}
